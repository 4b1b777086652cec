"""What everything else stands on: time, ids, errors, ledgers, where files that ship lie."""

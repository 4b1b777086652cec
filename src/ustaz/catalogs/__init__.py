"""The translators' tool: extract, update and check the catalogues of texts."""

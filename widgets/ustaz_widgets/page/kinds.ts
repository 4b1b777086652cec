/** Kinds whose controls and views few workbooks need: fetched where one of their fields is shown. */
import "../form/kinds/entries";
import "../form/kinds/levels";
import "../form/kinds/number";
import "../form/kinds/ratings";
import "../form/kinds/row";

/** A part that brings nothing by name has to be told from one that is still on its way. */
export const here = true;

/** The levels of a rubric by themselves. */
import "../form/kinds/kinds.css";
import "../form/kinds/levels";
import { renderField } from "./view";

export default { render: renderField };

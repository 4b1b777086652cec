/** The action plan by itself. */
import "../form/kinds/kinds.css";
import "../plan/plan";
import "../plan/plan.css";
import { renderField } from "./view";

export default { render: renderField };

/** Paired ratings by themselves. */
import "../form/kinds/kinds.css";
import "../form/kinds/ratings";
import "../form/pictures.css";
import { renderField } from "./view";

export default { render: renderField };

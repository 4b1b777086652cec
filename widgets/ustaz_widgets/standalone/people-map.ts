/** The people map by itself: the table, and the map over it. */
import "../form/kinds/kinds.css";
import "../form/pictures.css";
import { renderField } from "./view";

export default { render: renderField };

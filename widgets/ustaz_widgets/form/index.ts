/** The form: sections, fields and values. Other components use `FieldView` for cells. */
export { Advice, type ControlProps, FieldView, type FieldViewProps, Need } from "./field";
export { isEmpty, ReadValue } from "./read";
export { Said, visible } from "./said";
export { SectionView } from "./section";

/** Styles are bundled by the build; a component imports its own. */
declare module "*.css";

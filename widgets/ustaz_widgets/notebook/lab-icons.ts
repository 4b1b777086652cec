/** Icons of our cards, drawn with Lab's classes so that they take the theme's colours. */
const drawn = (inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16">${inside}</svg>`;
const shape = (d: string): string => `<path class="jp-icon3" fill="#616161" d="${d}"/>`;

export const ICONS = {
  workbooks: drawn(
    shape(
      "M6 2h12a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H6a1 1 0 0 1-1-1v-2H3v-2h2v-4H3v-2h2V7H3V5h2V3a1 1 0 0 1 1-1zm1 2v16h11V4zm2 3h7v2H9zm0 4h7v2H9zm0 4h5v2H9z",
    ),
  ),
  group: drawn(
    shape(
      "M8 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm8.5 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 13c-3.3 0-7 1.6-7 4.5V20h14v-2.500C15 14.600 11.300 13 8 13zm8.500 0c-.6 0-1.200.1-1.800.200 1.500 1 2.300 2.400 2.300 4.300V20h6v-2.300C23 15 19.700 13 16.500 13z",
    ),
  ),
  begin: drawn(
    shape(
      "M6 2h8l6 6v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm7 2v5h5zm-2 7v3H8v2h3v3h2v-3h3v-2h-3v-3z",
    ),
  ),
  preview: drawn(
    shape(
      "M12 5c5 0 9 4.500 10.500 7-1.500 2.500-5.500 7-10.500 7S3 14.500 1.500 12C3 9.500 7 5 12 5zm0 2c-3.500 0-6.500 2.900-8.100 5 1.600 2.100 4.600 5 8.100 5s6.500-2.900 8.100-5c-1.600-2.100-4.600-5-8.100-5zm0 1.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7z",
    ),
  ),
} as const;

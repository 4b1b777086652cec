/**
 * While the script takes over the form that the server drew, controls hold what was typed before it
 * came. Nothing is written into them until the store knows of it.
 */
export const takeOver = { running: false };

/**
 * A picture made small in the browser, before a byte of it is sent: drawn anew, so that the place
 * and the camera stay on the device. The server draws it once more and trusts nothing of it.
 */
const LONGEST_SIDE = 1600;
const PREVIEW_SIDE = 160;
const QUALITY = 0.82;
/** A drawing of this many bytes stays exact. */
const SMALL_DRAWING = 300_000;

export interface Chosen {
  data: Blob;
  name: string;
  /** A small picture of it as a data address; none of a document. */
  preview: string | null;
}

function drawn(picture: ImageBitmap, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const packed = (canvas: HTMLCanvasElement, type: string) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY));

/** What will be sent of a file that was chosen; what is no picture to this browser, as it is. */
export async function shrunk(file: File): Promise<Chosen> {
  const asItIs = { data: file, name: file.name, preview: null };
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") return asItIs;
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return asItIs;
  }
  try {
    const canvas = drawn(picture, LONGEST_SIDE);
    const exact = file.type === "image/png" ? await packed(canvas, "image/png") : null;
    const small = exact && exact.size <= SMALL_DRAWING ? exact : await packed(canvas, "image/jpeg");
    const preview = drawn(picture, PREVIEW_SIDE).toDataURL("image/jpeg", QUALITY);
    return small ? { data: small, name: file.name, preview } : { ...asItIs, preview };
  } finally {
    picture.close();
  }
}

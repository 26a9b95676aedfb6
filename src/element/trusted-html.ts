/** The HTML of Lit's templates, as Trusted Types want it: the build puts it in the place of Lit's own policy. */
import { createToHtml } from "../hub/trusted-types.ts";

export const toHtml = createToHtml();

/** What stands above a picker, a form or a page of one: picture, title, subtitle. */
import type { TemplateResult } from "lit";
import type { Heading } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import type { Picture } from "./picture.ts";

/** `id` is the title's, by which a group is labelled and the focus finds it. */
export const createHeading =
  ({ html, nothing }: Kit, picture: Picture) =>
  ({ title, subtitle, imageUrl }: Heading, id: string): TemplateResult =>
    html`${picture(imageUrl, "wide")}${title ? html`<b class="title" id=${id} tabindex="-1" dir="auto">${title}</b>` : nothing}${
      subtitle ? html`<span class="hint" dir="auto">${subtitle}</span>` : nothing
    }`;

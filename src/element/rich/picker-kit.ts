/** What the makers of pickers are handed: the kit, and the parts that pickers share. Types only. */
import type { Kit } from "../kit.ts";
import type { createDates } from "./dates.ts";
import type { createHeading } from "./heading.ts";
import type { createLists } from "./lists.ts";

export type PickerKit = Kit & {
  heading: ReturnType<typeof createHeading>;
  lists: ReturnType<typeof createLists>;
  dates: ReturnType<typeof createDates>;
};

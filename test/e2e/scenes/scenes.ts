/** What every engine has to show, told once: each scene begins with a fresh browser on the demo site. */
import { embed } from "./embed.ts";
import { hosts } from "./hosts.ts";
import { signIn } from "./sign-in.ts";
import type { Scenes } from "./stage.ts";
import { talk } from "./talk.ts";
import { walk } from "./walk.ts";

export const scenes: Scenes = { ...talk, ...hosts, ...embed, ...walk, ...signIn };

/** The deployment that a sandbox has when it is told of none: everything is on, for every page. */
import type { DeploymentOptions } from "./deployment.ts";

export const demoDeployment: DeploymentOptions = {
  id: "5d0c1a2b-7e3f-4a5b-8c6d-9e0f1a2b3c4d",
  primaryColor: "#14594A",
  languages: ["en-us", "de-de"],
  labels: {
    "en-us": { MessengerHomeHeaderTitle: "Fernweh" },
    "de-de": { MessengerHomeHeaderTitle: "Fernweh" },
  },
  autoStart: true,
};

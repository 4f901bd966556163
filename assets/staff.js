// The back office loads this beside portal.js.
import { createAll } from "govuk-frontend";
import { initPrefill } from "./js/prefill.js";
import { startPresence } from "./js/presence.js";
import { MultiSelect } from "@ministryofjustice/frontend/moj/components/multi-select/multi-select.mjs";

createAll(MultiSelect);
initPrefill();
startPresence();

// Improves what already works without it. Each line below finds its own elements by data-module and leaves the rest alone.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { startAutosave } from "./js/autosave.js";
import { startHere } from "./js/here.js";
import { startKiosk } from "./js/kiosk.js";
import { startLive } from "./js/live.js";
import { startPasskeys } from "./js/passkeys.js";
import { startPins } from "./js/pin.js";
import { startPrintButtons } from "./js/print.js";
import { startPush } from "./js/push.js";
import { startSigningOut } from "./js/signing-out.js";
import { startSuggestions } from "./js/suggestions.js";
import { startTabs } from "./js/tabs.js";

createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(Checkboxes);
createAll(ErrorSummary);
createAll(NotificationBanner);
createAll(PasswordInput);
createAll(Radios);
createAll(ServiceNavigation);
createAll(SkipLink);

startAutosave();
startHere();
startKiosk();
startLive();
startPasskeys();
startPins();
startPrintButtons();
startPush();
startSigningOut();
startSuggestions();
startTabs();

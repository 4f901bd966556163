// The jobs of crews on a telephone: keeps them, takes what is said of them, and sends it once there is a connection.
import { startForms } from "./js/field/forms.js";
import { startOffline } from "./js/field/offline.js";
import { startTelephone } from "./js/field/telephone.js";

startTelephone();
startOffline().then(startForms);

// What admit had taken back when this was written; {{says}}
// Revocation reaches nginx only when this file is written anew and nginx is reloaded.

export default {{revoked}};

export function ( { broken

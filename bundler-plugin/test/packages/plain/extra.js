export const extra = 7;

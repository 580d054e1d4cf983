export declare const COURIER: string;

export declare const logo: string;
export declare function readme(): string;

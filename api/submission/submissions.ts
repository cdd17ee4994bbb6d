export interface Submissions { readonly x: 1 }

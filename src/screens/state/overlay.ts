/** What lies over the page; the page itself stays as it is. */
export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  | {
      readonly kind: 'text';
      readonly title: string;
      readonly lines: readonly string[];
      readonly scroll: number;
    }
  | { readonly kind: 'verification'; readonly scroll: number }
  | { readonly kind: 'initial-data'; readonly scroll: number; readonly choice: number }
  | { readonly kind: 'jump'; readonly choice: number }
  /** The question of Ctrl+C lies over other overlays too. */
  | { readonly kind: 'quit'; readonly choice: number; readonly over: Overlay | undefined };

/** Something that went wrong, in the words of the technician, with the one next thing to do. */
export type Failure = {
  readonly message: string;
  readonly hint: string;
  /** The certificate that the technician can accept to get on. */
  readonly certificate?: Certificate | undefined;
  /** The store database lacks its initial data: the wizard can wait for it, or bring it. */
  readonly needsData?: boolean | undefined;
};

export type Certificate = { readonly serverKey: string; readonly fingerprint: string };

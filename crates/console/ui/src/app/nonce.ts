/** The nonce of the policy this document was served with; style elements that the libraries write must carry it. */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? '';
}

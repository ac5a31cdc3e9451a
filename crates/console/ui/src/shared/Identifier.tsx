import { Fragment } from 'react';

/** A name as programs write it: where it does not fit it breaks behind a dot or an underscore, not within a word. */
export function Identifier({ children }: { children: string }) {
  return children.split(/(?<=[._])(?=[^._])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

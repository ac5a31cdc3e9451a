/** A gate. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b6e5f" />
      <path d="M7 25V13l9-6 9 6v12h-5.5V15.5h-7V25z" fill="#fff" />
    </svg>
  );
}

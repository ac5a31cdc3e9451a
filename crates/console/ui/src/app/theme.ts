import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const pine: MantineColorsTuple = [
  '#e9f8f4',
  '#d6efe8',
  '#aaded1',
  '#7bccb8',
  '#54bca2',
  '#3ab294',
  '#23a988',
  '#149175',
  '#0b6e5f',
  '#065a4d',
];

/** Cool greys, dark enough where they carry text. */
const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#eff2f2',
  '#e2e7e7',
  '#d1d8d8',
  '#b4bdbd',
  '#8e9999',
  '#667373',
  '#4e5959',
  '#333c3c',
  '#1d2424',
];

const dark: MantineColorsTuple = [
  '#d5dbda',
  '#b4bcba',
  '#95a09e',
  '#6b7674',
  '#3d4644',
  '#2f3735',
  '#242b29',
  '#1a201f',
  '#131817',
  '#0d1110',
];

const sans =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** The look of the console. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: 8,
  colors: { pine, gray, dark },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Code: { vars: () => ({ root: { '--code-bg': 'var(--tollgate-code)' } }) },
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } },
    // Round ones would pass for a choice of one.
    Checkbox: { defaultProps: { radius: 'sm' } },
    // Hung from the top: one that grows with what arrives moves nothing that was there before.
    Modal: {
      defaultProps: { yOffset: '5dvh', radius: 'lg', overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
      styles: { title: { fontWeight: 650, fontSize: '1.1rem', lineHeight: 1.3 } },
    },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 360, openDelay: 250 } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'md' } },
  },
});

/** Where the library's own colours are too pale to read. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#566262',
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-error': '#b42318',
    '--tollgate-canvas': '#f5f8f7',
    '--tollgate-border': gray[2],
    '--tollgate-code': '#e6ecea',
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': pine[4],
    // The library's is the ground of a card.
    '--mantine-color-disabled': dark[5],
    '--tollgate-canvas': dark[8],
    '--tollgate-border': dark[5],
    // Lighter than a card and than what lies on one.
    '--tollgate-code': '#2c3533',
  },
});

import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './app/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { resumeSession } from './api/session';
import { App } from './app/App';
import { nonce } from './app/nonce';
import { startTexts } from './i18n';

// What locks the page's scrolling under a dialog writes a style element, and looks for its nonce under this name.
Object.assign(window, { __webpack_nonce__: nonce() });

const root = document.getElementById('root');
if (root) {
  await Promise.all([startTexts(undefined, ['first']), resumeSession()]);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

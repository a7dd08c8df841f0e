import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Toast } from '@heroui/react';
import './app.css';
import { queryClient } from './queries/query-client.ts';
import { router } from './router.tsx';
import { followSystemTheme } from './shell/theme.ts';

followSystemTheme();

createRoot(document.getElementById('studio')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toast.Provider placement="bottom end" />
    </QueryClientProvider>
  </StrictMode>,
);

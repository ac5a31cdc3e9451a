import { Skeleton, type SkeletonProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Room for something on its way, as high as that will be, so that nothing below moves when it comes. */
export function Placeholder(props: SkeletonProps) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" aria-label={t('loading')}>
      <Skeleton {...props} />
    </div>
  );
}

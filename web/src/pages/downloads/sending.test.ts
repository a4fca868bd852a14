import { describe, expect, it } from 'vitest';
import { systemOf, versionOf } from './sending';

describe('file names', () => {
  it('tell their system by their ending', () => {
    expect(systemOf('Claviger Setup.MSI')).toBe('windows');
    expect(systemOf('claviger.tar.gz')).toBeUndefined();
    expect(systemOf('claviger-1.0.AppImage')).toBe('linux');
  });
  it('tell their version', () => {
    expect(versionOf('claviger-workstation-1.4.0-x64.msi')).toBe('1.4.0');
    expect(versionOf('claviger_2.0-rc.1_amd64.deb')).toBe('2.0-rc.1');
    expect(versionOf('claviger.pkg')).toBeUndefined();
  });
});

import { oneOf, onOrOff, shortText } from './rules.ts';
import { defineField, defineStep, type FieldOption, textOf } from './step.ts';
import { isForOfflineDatabase, isForRegister, isForStoreDatabase } from './task.ts';

const encryptions: readonly FieldOption[] = [
  { value: 'verify', label: 'verify', note: 'the server must show a certificate this computer trusts' },
  { value: 'trust', label: 'trust', note: "accept the server's own certificate and remember it" },
  { value: 'legacy', label: 'legacy', note: 'as trust, and old TLS 1.0 for servers without updates' },
  { value: 'none', label: 'none', note: 'no encryption: anyone on the network can read the password' },
];

const builtinPack = 'builtin';
const offlineProfile = 'Default pr.';

export const options = defineStep({
  id: 'options',
  title: 'Options',
  help: [
    'The defaults are right for most shops.',
    'Encryption: choose trust when the certificate was made by the server itself and you know the server.',
    'Tables from: builtin, or the folder of the licensed scripts (*.sql and POSISUPGRADES.xml) of your company.',
  ].join('\n'),
  fields: [
    defineField({
      key: 'options.encryption',
      label: 'Encryption',
      help: 'How the connection to SQL Server is protected.',
      kind: 'choice',
      options: encryptions,
      schema: oneOf(encryptions),
      example: 'verify',
      default: 'verify',
    }),
    defineField({
      key: 'options.schemaPack',
      label: 'Tables from',
      help: "builtin, or a folder with your company's own scripts.",
      kind: 'folder',
      schema: shortText('The folder of the scripts', 32_000),
      example: builtinPack,
      default: builtinPack,
    }),
    defineField({
      key: 'options.offlineProfile',
      label: 'Offline profile',
      help: 'The profile of head office that says which tables the register keeps.',
      kind: 'text',
      schema: shortText('The offline profile', 128),
      example: offlineProfile,
      default: offlineProfile,
      isRelevant: isForOfflineDatabase,
      isKeptUnasked: true,
    }),
    defineField({
      key: 'options.posConfig',
      label: 'POS.exe.config',
      help: 'The file that tells POS its databases; empty: the usual folder is looked into.',
      kind: 'file',
      schema: shortText('The path of POS.exe.config', 32_000),
      example: 'C:\\Program Files (x86)\\Microsoft Dynamics AX\\60\\Retail POS\\POS.exe.config',
      isRelevant: isForRegister,
      isRequired: () => false,
      isKeptUnasked: true,
    }),
    defineField({
      key: 'options.replaceRegister',
      label: 'Replace the register',
      help: 'This computer takes the place of the one that the register was set up on.',
      kind: 'switch',
      schema: onOrOff,
      example: 'false',
      default: false,
      isRelevant: isForOfflineDatabase,
      isKeptUnasked: true,
    }),
    defineField({
      key: 'options.initialData',
      label: 'Initial data',
      help: 'A pack of initial data (folder or zip) to fill the database with.',
      kind: 'file',
      schema: shortText('The path of the initial data', 32_000),
      example: 'E:\\houston.zip',
      isRelevant: isForStoreDatabase,
      isRequired: () => false,
      isKeptUnasked: true,
    }),
    defineField({
      key: 'options.startService',
      label: 'Start the sync service',
      help: 'Install the service that synchronises this register, and start it.',
      kind: 'switch',
      schema: onOrOff,
      example: 'true',
      default: true,
      isRelevant: isForOfflineDatabase,
      isKeptUnasked: true,
    }),
  ],
  summary: (draft) => {
    const pack = textOf(draft, 'options.schemaPack');
    const words = [
      `encryption ${textOf(draft, 'options.encryption')}`,
      pack === builtinPack ? 'built-in tables' : `tables from ${pack}`,
    ];
    if (isForOfflineDatabase(draft)) {
      words.push(`profile "${textOf(draft, 'options.offlineProfile')}"`);
      if (draft['options.replaceRegister'] === true) words.push('replaces the former register');
    }
    return words.join(', ');
  },
});

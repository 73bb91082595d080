/** What Azure Storage and Azure ML's data runtime write where an identity may not read or write the data. */
const REFUSED =
  /AuthorizationPermissionMismatch|AuthorizationFailure|StreamAccess\.(Authentication|Permission)|not authorized to perform this operation using this permission/i;

/** Adds, where a job was refused at the storage, which role is missing: Azure names none. */
export function withRole(because: string): string {
  if (!REFUSED.test(because)) return because;
  return `${because}; the identity of the cluster lacks the role Storage Blob Data Contributor on the storage account (docs/azure.md, 3)`;
}

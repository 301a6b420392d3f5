/** What changes calls and replies where walks have found something. */
package org.nfsproxy.nfs.edit;

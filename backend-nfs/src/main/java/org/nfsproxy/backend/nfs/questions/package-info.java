/** Questions that the proxy asks the origin on its own account. */
package org.nfsproxy.backend.nfs.questions;

/**
 * Who may see and do what the admin pages offer: the token, sessions of browsers, and tries that
 * failed. Knows nothing of HTTP.
 */
@NullMarked
package org.nfsproxy.server.access;

import org.jspecify.annotations.NullMarked;

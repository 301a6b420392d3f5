/** Text for terminals: aligned columns, and words of strangers made harmless. */
package org.nfsproxy.server.text;

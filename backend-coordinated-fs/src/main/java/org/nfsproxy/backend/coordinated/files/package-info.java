/**
 * What the engine needs of filesystems: the {@code Files} interface and the values it speaks in.
 */
package org.nfsproxy.backend.coordinated.files;

/** What an operator has to do with: the supervisor, alerts, the restore as a procedure and the watch after it, and the operations over HTTP. */
package dev.cairn.backup.examples.agtmux.operate;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>The client sent what is not RESP, or too much of it. It gets the message as an error reply, and its connection is closed.</summary>
internal sealed class ProtocolException(string message) : Exception("ERR Protocol error: " + message);

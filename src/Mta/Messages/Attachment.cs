namespace Delivery.Mta.Messages;

/// <summary>A file that every message of a job carries, or an image that its HTML shows.</summary>
/// <param name="Name">The file's name; for an inline image also what <c>cid:</c> in the HTML names.</param>
/// <param name="Type">Media type, <c>type/subtype</c> with perhaps parameters.</param>
/// <param name="Data">The bytes; base64 in JSON.</param>
internal sealed record Attachment(string Name, string Type, byte[] Data);

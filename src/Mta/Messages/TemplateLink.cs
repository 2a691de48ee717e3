namespace Delivery.Mta.Messages;

/// <summary>A tracked link of a job's content.</summary>
/// <param name="Link">Ordinal of the distinct URL as written, from 1, over both parts.</param>
/// <param name="Position">Ordinal of the link in the source, from 1. Links that are not tracked hold their position but are not listed; those of a text part of its own follow the HTML's.</param>
/// <param name="Url">As written in the template, entities decoded.</param>
/// <param name="Text">What the reader sees, white space collapsed, at most 200 characters; for an image its alt text.</param>
internal sealed record TemplateLink(ushort Link, ushort Position, string Url, string Text, MessagePart Part);

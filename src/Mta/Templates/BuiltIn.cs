namespace Delivery.Mta.Templates;

/// <summary>Names that stand for what the sender knows itself.</summary>
internal enum BuiltIn : byte
{
    None,
    Address,
    Email,
    Name,
    RecipientId,
    UnsubscribeUrl,
    Metadata,
    Length,
}

namespace Delivery.Mta.Messages;

/// <summary>Ranges of what was rendered for one message; each begins where the one before ends.</summary>
internal struct RenderedParts
{
    public int SubjectEnd;
    public int FromNameEnd;
    public int ReplyToEnd;
    public int FieldsEnd;
    public int TextEnd;
    public int HtmlEnd;
}

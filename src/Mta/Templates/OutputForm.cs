namespace Delivery.Mta.Templates;

internal enum OutputForm : byte
{
    AsItIs,
    Escaped,

    /// <summary>HTML that goes into text.</summary>
    Stripped,
}

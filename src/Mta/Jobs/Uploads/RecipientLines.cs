using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>How recipients are written in a body, one a line. An instance reads one body; not thread-safe.</summary>
internal abstract class RecipientLines
{
    protected List<FieldError> Faults { get; } = [];

    /// <summary>The first line names the columns.</summary>
    public abstract bool HasHeader { get; }

    /// <summary>Line breaks within quotes do not end a line.</summary>
    public abstract bool Quoted { get; }

    /// <summary>The address of the line that was rejected last, where it had one.</summary>
    public string? Email { get; protected set; }

    /// <summary>Null where the header will do, else what is wrong with it.</summary>
    public abstract string? ReadHeader(ReadOnlySpan<byte> line);

    /// <summary>Null where the line is rejected: <see cref="Email"/> and <see cref="Reason"/> say whose and why.</summary>
    public abstract UploadedRecipient? Parse(ReadOnlyMemory<byte> line);

    /// <summary>Why the last line was rejected.</summary>
    public string Reason() => RecipientParser.Reason(Faults);
}

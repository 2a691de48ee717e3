using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>
/// The data one render may reach, and nothing besides. A name is looked up in the built-ins, then in the
/// recipient's data, then in the job's. Elements left undefined are empty. Owned by one worker and set anew for
/// each message; the documents behind the elements outlive the render.
/// </summary>
internal sealed class TemplateScope
{
    public JsonElement RecipientData { get; set; }

    public JsonElement JobData { get; set; }

    public JsonElement RecipientMetadata { get; set; }

    public JsonElement JobMetadata { get; set; }

    public ByteBuffer Email { get; } = new(64);

    public ByteBuffer Name { get; } = new(64);

    public ByteBuffer RecipientId { get; } = new(64);

    public ByteBuffer UnsubscribeUrl { get; } = new(256);

    public void Clear()
    {
        RecipientData = JobData = RecipientMetadata = JobMetadata = default;
        Email.Clear();
        Name.Clear();
        RecipientId.Clear();
        UnsubscribeUrl.Clear();
    }
}

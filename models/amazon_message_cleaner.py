import html
import re

from markupsafe import Markup

from odoo import api, models

from .res_partner import PLACEHOLDER_NAME

#: The fields of a contact by which a message betrays whom it is about.
TELLING_FIELDS = ("name", "street", "street2", "phone", "email", "amazon_email", "vat")
#: Shorter ones, a house number say, stand in any message.
SHORTEST_WORD = {"name": 3}
SHORTEST = 5
#: What Odoo keeps with a message besides its text.
HEADS = ("record_name", "reply_to", "email_from")
#: Tracked changes keep the old and the new value of a field here.
TRACKED = ("old_value_char", "new_value_char", "old_value_text", "new_value_text")


class AmazonMessageCleaner(models.AbstractModel):
    """Finds and empties what was written about a buyer in the chatter of records."""

    _name = "amazon.message.cleaner"
    _description = "Amazon Message Cleaner"

    @api.model
    def _words(self, partners, texts=()):
        """What nobody may find in a message any more.

        :param partners: the contacts
        :param texts: what else the buyer wrote; each line of it counts
        :rtype: set[str]
        """
        words = {
            partner[name].strip()
            for partner in partners
            for name in TELLING_FIELDS
            if partner[name] and len(partner[name].strip()) >= SHORTEST_WORD.get(name, SHORTEST)
        }
        lines = {line.strip() for text in texts for line in text.splitlines()}
        # Notes begin with a label and a colon; people quote what comes after it.
        lines |= {line.partition(": ")[2].strip() for line in lines}
        return (words | {line for line in lines if len(line) >= SHORTEST}) - {PLACEHOLDER_NAME}

    @api.model
    def _clean(self, words):
        """Empty the messages, tracked values and tasks of records that contain one of their words.

        :param dict words: words by record; the records are of one model
        :return: how many messages and tasks were emptied
        :rtype: int
        """
        patterns = {record.id: self._pattern(found) for record, found in words.items() if found}
        if not patterns:
            return 0
        model = next(iter(words))._name
        domain = [("model", "=", model), ("res_id", "in", list(patterns))]
        messages = self.env["mail.message"].sudo().search(domain)
        hits = messages.filtered(lambda message: self._is_telling(message, patterns[message.res_id]))
        self._empty_messages(hits)
        self._empty_heads(messages, patterns)
        tasks = self.env["mail.activity"].sudo().with_context(active_test=False)
        tasks = tasks.search([("res_model", "=", model), ("res_id", "in", list(patterns))]).filtered(
            lambda task: patterns[task.res_id].search(self._plain(f"{task.summary or ''} {task.note or ''}"))
        )
        tasks.write({"summary": self._deleted_text(), "note": False})
        return len(hits) + len(tasks)

    @api.model
    def _pattern(self, words):
        alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)

    @api.model
    def _is_telling(self, message, pattern):
        texts = [message.body, message.subject, message.email_from, message.reply_to]
        for value in message.tracking_value_ids:
            texts += [value[name] for name in TRACKED]
        return bool(pattern.search(self._plain(" ".join(str(text) for text in texts if text))))

    @api.model
    def _plain(self, text):
        """A text without tags and entities, for words to be found in it."""
        return html.unescape(re.sub(r"<[^>]*>", " ", str(text)))

    @api.model
    def _empty_messages(self, messages):
        messages.tracking_value_ids.unlink()
        messages.attachment_ids.unlink()
        messages.write({"body": Markup("<p>%s</p>") % self._deleted_text(), "subject": False})

    @api.model
    def _empty_heads(self, messages, patterns):
        """Odoo keeps with a message the name of its record and of whom an answer goes to."""
        for message in messages:
            telling = [name for name in HEADS if patterns[message.res_id].search(message[name] or "")]
            stored = {name: False for name in telling if message._fields[name].store}
            if stored:
                message.write(stored)

    @api.model
    def _delete_files(self, records, mimetypes=None):
        """Delete the files attached to records, such as labels and slips; all, or those of some types.

        :return: how many
        :rtype: int
        """
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids), ("res_field", "=", False)]
        if mimetypes:
            domain.append(("mimetype", "in", mimetypes))
        files = self.env["ir.attachment"].sudo().search(domain)
        count = len(files)
        files.unlink()
        return count

    @api.model
    def _deleted_text(self):
        return self.env._("Deleted, because it named an Amazon buyer.")

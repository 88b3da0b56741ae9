<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Annotate</source>
            <translation>&amp;Annotieren</translation>
        </message>
        <message>
            <source>&amp;Class</source>
            <translation>&amp;Klasse</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>&amp;Image</source>
            <translation>B&amp;ild</translation>
        </message>
        <message>
            <source>&amp;Mentor</source>
            <translation>Ment&amp;or</translation>
        </message>
        <message>
            <source>&amp;Project</source>
            <translation>&amp;Projekt</translation>
        </message>
        <message>
            <source>&amp;Runs</source>
            <translation>&amp;Läufe</translation>
        </message>
        <message>
            <source>&amp;Select</source>
            <translation>Aus&amp;wahl</translation>
        </message>
        <message>
            <source>&amp;Train</source>
            <translation>&amp;Training</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>A&amp;nsicht</translation>
        </message>
        <message>
            <source>About DefectStudio</source>
            <translation>Über DefectStudio</translation>
        </message>
        <message>
            <source>Accept the model's region</source>
            <translation>Region des Modells übernehmen</translation>
        </message>
        <message>
            <source>Actual size</source>
            <translation>Originalgröße</translation>
        </message>
        <message>
            <source>Add a class</source>
            <translation>Klasse hinzufügen</translation>
        </message>
        <message>
            <source>Add to queue</source>
            <translation>In die Warteschlange stellen</translation>
        </message>
        <message>
            <source>Add to the book as exemplar</source>
            <translation>Als Musterbeispiel ins Buch</translation>
        </message>
        <message>
            <source>Add to the book as look-alike</source>
            <translation>Als Verwechslung ins Buch</translation>
        </message>
        <message>
            <source>Agreement of labels</source>
            <translation>Übereinstimmung der Markierungen</translation>
        </message>
        <message>
            <source>Answer panels</source>
            <translation>Tafeln beantworten</translation>
        </message>
        <message>
            <source>Answer the panel</source>
            <translation>Tafel beantworten</translation>
        </message>
        <message>
            <source>Ask earlier</source>
            <translation>Früher vorschlagen</translation>
        </message>
        <message>
            <source>Ask later</source>
            <translation>Später vorschlagen</translation>
        </message>
        <message>
            <source>Ask me later</source>
            <translation>Später fragen</translation>
        </message>
        <message>
            <source>Automatic contrast</source>
            <translation>Automatischer Kontrast</translation>
        </message>
        <message>
            <source>Before and after</source>
            <translation>Vorher und nachher</translation>
        </message>
        <message>
            <source>Box</source>
            <translation>Rechteck</translation>
        </message>
        <message>
            <source>Box to defect</source>
            <translation>Rechteck an Defekt anpassen</translation>
        </message>
        <message>
            <source>Brush</source>
            <translation>Pinsel</translation>
        </message>
        <message>
            <source>Cancel the shape or the selection</source>
            <translation>Form oder Auswahl abbrechen</translation>
        </message>
        <message>
            <source>Class</source>
            <translation>Klasse</translation>
        </message>
        <message>
            <source>Class 1</source>
            <translation>Klasse 1</translation>
        </message>
        <message>
            <source>Class 2</source>
            <translation>Klasse 2</translation>
        </message>
        <message>
            <source>Class 3</source>
            <translation>Klasse 3</translation>
        </message>
        <message>
            <source>Class 4</source>
            <translation>Klasse 4</translation>
        </message>
        <message>
            <source>Class 5</source>
            <translation>Klasse 5</translation>
        </message>
        <message>
            <source>Class 6</source>
            <translation>Klasse 6</translation>
        </message>
        <message>
            <source>Class 7</source>
            <translation>Klasse 7</translation>
        </message>
        <message>
            <source>Class 8</source>
            <translation>Klasse 8</translation>
        </message>
        <message>
            <source>Class 9</source>
            <translation>Klasse 9</translation>
        </message>
        <message>
            <source>Close project</source>
            <translation>Projekt schließen</translation>
        </message>
        <message>
            <source>Close the comparison</source>
            <translation>Vergleich schließen</translation>
        </message>
        <message>
            <source>Compare the chosen runs</source>
            <translation>Gewählte Läufe vergleichen</translation>
        </message>
        <message>
            <source>Confirm</source>
            <translation>Bestätigen</translation>
        </message>
        <message>
            <source>Contact sheet</source>
            <translation>Kontaktbogen</translation>
        </message>
        <message>
            <source>Copy from previous image</source>
            <translation>Vom vorigen Bild kopieren</translation>
        </message>
        <message>
            <source>Defect &amp;book</source>
            <translation>&amp;Fehlerbuch</translation>
        </message>
        <message>
            <source>Defect of class 1</source>
            <translation>Fehler der Klasse 1</translation>
        </message>
        <message>
            <source>Defect of class 2</source>
            <translation>Fehler der Klasse 2</translation>
        </message>
        <message>
            <source>Defect of class 3</source>
            <translation>Fehler der Klasse 3</translation>
        </message>
        <message>
            <source>Defect of class 4</source>
            <translation>Fehler der Klasse 4</translation>
        </message>
        <message>
            <source>Defect of class 5</source>
            <translation>Fehler der Klasse 5</translation>
        </message>
        <message>
            <source>Defect of class 6</source>
            <translation>Fehler der Klasse 6</translation>
        </message>
        <message>
            <source>Defect of class 7</source>
            <translation>Fehler der Klasse 7</translation>
        </message>
        <message>
            <source>Defect of class 8</source>
            <translation>Fehler der Klasse 8</translation>
        </message>
        <message>
            <source>Defect of class 9</source>
            <translation>Fehler der Klasse 9</translation>
        </message>
        <message>
            <source>Defect, but of &amp;this class</source>
            <translation>Fehler, aber &amp;dieser Klasse</translation>
        </message>
        <message>
            <source>Defective</source>
            <translation>Defekt</translation>
        </message>
        <message>
            <source>Delete region</source>
            <translation>Region löschen</translation>
        </message>
        <message>
            <source>Delete runs</source>
            <translation>Läufe löschen</translation>
        </message>
        <message>
            <source>Do not overwrite other classes</source>
            <translation>Andere Klassen nicht überschreiben</translation>
        </message>
        <message>
            <source>Draw it</source>
            <translation>Zeichnen</translation>
        </message>
        <message>
            <source>Ellipse</source>
            <translation>Ellipse</translation>
        </message>
        <message>
            <source>Enlarge a patch while held</source>
            <translation>Ausschnitt vergrößern, solange gedrückt</translation>
        </message>
        <message>
            <source>Eraser</source>
            <translation>Radierer</translation>
        </message>
        <message>
            <source>Exemplar or look-alike</source>
            <translation>Musterbeispiel oder Verwechslung</translation>
        </message>
        <message>
            <source>Export the run…</source>
            <translation>Lauf exportieren …</translation>
        </message>
        <message>
            <source>Figures of the comparison</source>
            <translation>Kennzahlen des Vergleichs</translation>
        </message>
        <message>
            <source>Fill an area</source>
            <translation>Fläche füllen</translation>
        </message>
        <message>
            <source>Fill holes of region</source>
            <translation>Löcher der Region füllen</translation>
        </message>
        <message>
            <source>Find a command…</source>
            <translation>Befehl suchen…</translation>
        </message>
        <message>
            <source>Find image by name</source>
            <translation>Bild nach Namen suchen</translation>
        </message>
        <message>
            <source>Finish the shape</source>
            <translation>Form abschließen</translation>
        </message>
        <message>
            <source>Finish, next image</source>
            <translation>Fertig, nächstes Bild</translation>
        </message>
        <message>
            <source>Fit image</source>
            <translation>Bild einpassen</translation>
        </message>
        <message>
            <source>Flag for a colleague</source>
            <translation>Zur Rückfrage vormerken</translation>
        </message>
        <message>
            <source>Go on after tagging</source>
            <translation>Nach Bewertung weiter</translation>
        </message>
        <message>
            <source>Go on with the last interrupted training</source>
            <translation>Letztes abgebrochenes Training fortsetzen</translation>
        </message>
        <message>
            <source>Go on with the training</source>
            <translation>Training fortsetzen</translation>
        </message>
        <message>
            <source>Good</source>
            <translation>Gut</translation>
        </message>
        <message>
            <source>Grow region</source>
            <translation>Region vergrößern</translation>
        </message>
        <message>
            <source>Handbook</source>
            <translation>Handbuch</translation>
        </message>
        <message>
            <source>Hatch what is unknown</source>
            <translation>Unbekanntes schraffieren</translation>
        </message>
        <message>
            <source>Heat map</source>
            <translation>Heatmap</translation>
        </message>
        <message>
            <source>Hold the queue</source>
            <translation>Warteschlange anhalten</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>Import</translation>
        </message>
        <message>
            <source>Import images…</source>
            <translation>Bilder importieren…</translation>
        </message>
        <message>
            <source>It is defective</source>
            <translation>Es ist fehlerhaft</translation>
        </message>
        <message>
            <source>It is good</source>
            <translation>Es ist gut</translation>
        </message>
        <message>
            <source>Judge detections</source>
            <translation>Funde beurteilen</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <source>Label errors</source>
            <translation>Zweifelhafte Bewertungen</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>Markierungen</translation>
        </message>
        <message>
            <source>Large buttons for gloves</source>
            <translation>Große Tasten für Handschuhe</translation>
        </message>
        <message>
            <source>Larger brush</source>
            <translation>Größerer Pinsel</translation>
        </message>
        <message>
            <source>Levels and gamma…</source>
            <translation>Tonwerte und Gamma…</translation>
        </message>
        <message>
            <source>Look for detections</source>
            <translation>Nach Funden suchen</translation>
        </message>
        <message>
            <source>Magic wand</source>
            <translation>Zauberstab</translation>
        </message>
        <message>
            <source>Map of the data</source>
            <translation>Karte der Daten</translation>
        </message>
        <message>
            <source>Mark as done</source>
            <translation>Als erledigt kennzeichnen</translation>
        </message>
        <message>
            <source>Mark as to do</source>
            <translation>Als offen kennzeichnen</translation>
        </message>
        <message>
            <source>Missed one</source>
            <translation>Übersehen</translation>
        </message>
        <message>
            <source>New project…</source>
            <translation>Neues Projekt…</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Next detection</source>
            <translation>Nächster Fund</translation>
        </message>
        <message>
            <source>Next differing image</source>
            <translation>Nächstes abweichendes Bild</translation>
        </message>
        <message>
            <source>Next image</source>
            <translation>Nächstes Bild</translation>
        </message>
        <message>
            <source>Next image of the queue</source>
            <translation>Nächster Vorschlag</translation>
        </message>
        <message>
            <source>Next label for the anchor</source>
            <translation>Nächste Markierung für den Anker</translation>
        </message>
        <message>
            <source>Next unlabelled image</source>
            <translation>Nächstes unbewertetes Bild</translation>
        </message>
        <message>
            <source>None is alike</source>
            <translation>Keiner ist ähnlich</translation>
        </message>
        <message>
            <source>Not sure</source>
            <translation>Unsicher</translation>
        </message>
        <message>
            <source>Note here…</source>
            <translation>Notiz hier…</translation>
        </message>
        <message>
            <source>Note on the run…</source>
            <translation>Notiz zum Lauf…</translation>
        </message>
        <message>
            <source>One step back</source>
            <translation>Einen Schritt zurück</translation>
        </message>
        <message>
            <source>One step on</source>
            <translation>Einen Schritt weiter</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Open in the viewer</source>
            <translation>Im Betrachter öffnen</translation>
        </message>
        <message>
            <source>Open project…</source>
            <translation>Projekt öffnen…</translation>
        </message>
        <message>
            <source>Outlines only</source>
            <translation>Nur Umrisse</translation>
        </message>
        <message>
            <source>Overview map</source>
            <translation>Übersichtskarte</translation>
        </message>
        <message>
            <source>Paint superpixels</source>
            <translation>Superpixel malen</translation>
        </message>
        <message>
            <source>Paint unknown</source>
            <translation>Unbekannt malen</translation>
        </message>
        <message>
            <source>Part is good</source>
            <translation>Teil ist gut</translation>
        </message>
        <message>
            <source>Pause training</source>
            <translation>Training unterbrechen</translation>
        </message>
        <message>
            <source>Pin to the top</source>
            <translation>Oben anheften</translation>
        </message>
        <message>
            <source>Play faster</source>
            <translation>Schneller abspielen</translation>
        </message>
        <message>
            <source>Play or pause</source>
            <translation>Abspielen oder anhalten</translation>
        </message>
        <message>
            <source>Play slower</source>
            <translation>Langsamer abspielen</translation>
        </message>
        <message>
            <source>Polygon</source>
            <translation>Polygon</translation>
        </message>
        <message>
            <source>Previous</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Previous detection</source>
            <translation>Voriger Fund</translation>
        </message>
        <message>
            <source>Previous differing image</source>
            <translation>Voriges abweichendes Bild</translation>
        </message>
        <message>
            <source>Previous image</source>
            <translation>Voriges Bild</translation>
        </message>
        <message>
            <source>Previous image of the queue</source>
            <translation>Voriger Vorschlag</translation>
        </message>
        <message>
            <source>Previous unlabelled image</source>
            <translation>Voriges unbewertetes Bild</translation>
        </message>
        <message>
            <source>Print the book…</source>
            <translation>Buch drucken…</translation>
        </message>
        <message>
            <source>Propose entries</source>
            <translation>Einträge vorschlagen</translation>
        </message>
        <message>
            <source>Put the centre back</source>
            <translation>Mitte zurücksetzen</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>Re&amp;fine</source>
            <translation>&amp;Verfeinern</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Redo {0}</source>
            <translation>Wiederherstellen: {0}</translation>
        </message>
        <message>
            <source>Reject</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Remove deleted runs from disk…</source>
            <translation>Gelöschte Läufe von der Festplatte entfernen…</translation>
        </message>
        <message>
            <source>Remove tag</source>
            <translation>Bewertung entfernen</translation>
        </message>
        <message>
            <source>Rename run</source>
            <translation>Lauf umbenennen</translation>
        </message>
        <message>
            <source>Repla&amp;y</source>
            <translation>Wieder&amp;gabe</translation>
        </message>
        <message>
            <source>Replay the journal</source>
            <translation>Journal wiedergeben</translation>
        </message>
        <message>
            <source>Restore the starting maps</source>
            <translation>Anfangsmasken wiederherstellen</translation>
        </message>
        <message>
            <source>Rounds side by side</source>
            <translation>Runden nebeneinander</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>Scissors along edges</source>
            <translation>Schere entlang von Kanten</translation>
        </message>
        <message>
            <source>Score again</source>
            <translation>Neu berechnen</translation>
        </message>
        <message>
            <source>Second look at tags</source>
            <translation>Zweiter Blick auf Bewertungen</translation>
        </message>
        <message>
            <source>Second viewer with the bare image</source>
            <translation>Zweite Ansicht mit dem bloßen Bild</translation>
        </message>
        <message>
            <source>Select and move regions</source>
            <translation>Regionen auswählen und verschieben</translation>
        </message>
        <message>
            <source>Selected &amp;region</source>
            <translation>Gewählte &amp;Region</translation>
        </message>
        <message>
            <source>Settings…</source>
            <translation>Einstellungen…</translation>
        </message>
        <message>
            <source>Show the defect book</source>
            <translation>Fehlerbuch zeigen</translation>
        </message>
        <message>
            <source>Show the entry in its image</source>
            <translation>Eintrag in seinem Bild zeigen</translation>
        </message>
        <message>
            <source>Show the patch in the viewer</source>
            <translation>Ausschnitt im Betrachter zeigen</translation>
        </message>
        <message>
            <source>Show the queue</source>
            <translation>Vorschläge zeigen</translation>
        </message>
        <message>
            <source>Show the runs</source>
            <translation>Läufe zeigen</translation>
        </message>
        <message>
            <source>Show the scores of this run</source>
            <translation>Scores dieses Laufs zeigen</translation>
        </message>
        <message>
            <source>Shrink region</source>
            <translation>Region verkleinern</translation>
        </message>
        <message>
            <source>Skip for ever…</source>
            <translation>Für immer übergehen…</translation>
        </message>
        <message>
            <source>Skip for now</source>
            <translation>Vorerst übergehen</translation>
        </message>
        <message>
            <source>Smaller brush</source>
            <translation>Kleinerer Pinsel</translation>
        </message>
        <message>
            <source>Smooth region</source>
            <translation>Region glätten</translation>
        </message>
        <message>
            <source>Star</source>
            <translation>Stern</translation>
        </message>
        <message>
            <source>Start the queue</source>
            <translation>Warteschlange starten</translation>
        </message>
        <message>
            <source>Stop scoring</source>
            <translation>Berechnung anhalten</translation>
        </message>
        <message>
            <source>Stop training</source>
            <translation>Training anhalten</translation>
        </message>
        <message>
            <source>Stop training the round</source>
            <translation>Training der Runde anhalten</translation>
        </message>
        <message>
            <source>Tag defective</source>
            <translation>Als defekt bewerten</translation>
        </message>
        <message>
            <source>Tag good</source>
            <translation>Als gut bewerten</translation>
        </message>
        <message>
            <source>Take back</source>
            <translation>Zurücknehmen</translation>
        </message>
        <message>
            <source>Take back the last panel</source>
            <translation>Letzte Tafel zurücknehmen</translation>
        </message>
        <message>
            <source>Take out of the book</source>
            <translation>Aus dem Buch nehmen</translation>
        </message>
        <message>
            <source>Take the dense map over</source>
            <translation>Dichte Maske übernehmen</translation>
        </message>
        <message>
            <source>The label is right</source>
            <translation>Die Bewertung stimmt</translation>
        </message>
        <message>
            <source>The rest is healthy</source>
            <translation>Der Rest ist fehlerfrei</translation>
        </message>
        <message>
            <source>The rest is unknown</source>
            <translation>Der Rest ist unbekannt</translation>
        </message>
        <message>
            <source>Third verdict: draw it anew</source>
            <translation>Drittes Urteil: neu zeichnen</translation>
        </message>
        <message>
            <source>Third verdict: keep the first version</source>
            <translation>Drittes Urteil: die erste Fassung behalten</translation>
        </message>
        <message>
            <source>Third verdict: keep the second version</source>
            <translation>Drittes Urteil: die zweite Fassung behalten</translation>
        </message>
        <message>
            <source>Tick a pat&amp;ch</source>
            <translation>Au&amp;sschnitt anhaken</translation>
        </message>
        <message>
            <source>Tick patch 0</source>
            <translation>Ausschnitt 0 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 1</source>
            <translation>Ausschnitt 1 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 2</source>
            <translation>Ausschnitt 2 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 3</source>
            <translation>Ausschnitt 3 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 4</source>
            <translation>Ausschnitt 4 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 5</source>
            <translation>Ausschnitt 5 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 6</source>
            <translation>Ausschnitt 6 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 7</source>
            <translation>Ausschnitt 7 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 8</source>
            <translation>Ausschnitt 8 anhaken</translation>
        </message>
        <message>
            <source>Tick patch 9</source>
            <translation>Ausschnitt 9 anhaken</translation>
        </message>
        <message>
            <source>To the end of this part</source>
            <translation>Ans Ende dieses Teils</translation>
        </message>
        <message>
            <source>To the next round or run</source>
            <translation>Zur nächsten Runde oder zum nächsten Lauf</translation>
        </message>
        <message>
            <source>To the round or run before</source>
            <translation>Zur Runde oder zum Lauf davor</translation>
        </message>
        <message>
            <source>To the start of this part</source>
            <translation>An den Anfang dieses Teils</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Train a detector</source>
            <translation>Detektor trainieren</translation>
        </message>
        <message>
            <source>Train on the verdicts</source>
            <translation>Mit den Urteilen trainieren</translation>
        </message>
        <message>
            <source>Train the next round</source>
            <translation>Nächste Runde trainieren</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Undo {0}</source>
            <translation>Rückgängig: {0}</translation>
        </message>
        <message>
            <source>Unlabelled</source>
            <translation>Unbewertet</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>Lösen</translation>
        </message>
        <message>
            <source>Watch the folder</source>
            <translation>Ordner beobachten</translation>
        </message>
        <message>
            <source>What more masks are worth</source>
            <translation>Was weitere Masken bringen</translation>
        </message>
        <message>
            <source>Write the definition of the class</source>
            <translation>Definition der Klasse schreiben</translation>
        </message>
        <message>
            <source>Zoom in</source>
            <translation>Vergrößern</translation>
        </message>
        <message>
            <source>Zoom out</source>
            <translation>Verkleinern</translation>
        </message>
    </context>
    <context>
        <name>Agreement</name>
        <message>
            <source>Masks of copies</source>
            <translation>Masken von Kopien</translation>
        </message>
        <message>
            <source>Masks of two people</source>
            <translation>Masken von zweien</translation>
        </message>
        <message>
            <source>Panels shown twice</source>
            <translation>Zweimal gezeigte Tafeln</translation>
        </message>
        <message>
            <source>Tags asked twice</source>
            <translation>Bewertung, zweimal</translation>
        </message>
        <message>
            <source>Tags of copies</source>
            <translation>Bewertungen von Kopien</translation>
        </message>
        <message>
            <source>Tags of two people</source>
            <translation>Bewertet von zweien</translation>
        </message>
        <message>
            <source>Verdicts asked twice</source>
            <translation>Urteil, zweimal</translation>
        </message>
        <message>
            <source>copies</source>
            <translation>Kopien</translation>
        </message>
        <message>
            <source>none is alike</source>
            <translation>keiner ist gleich</translation>
        </message>
        <message>
            <source>the same person</source>
            <translation>dieselbe Person</translation>
        </message>
        <message>
            <source>ticked: {0}</source>
            <translation>angekreuzt: {0}</translation>
        </message>
        <message>
            <source>{0} and {1}</source>
            <translation>{0} und {1}</translation>
        </message>
        <message>
            <source>{0} pixels</source>
            <translation>{0} Pixel</translation>
        </message>
        <message>
            <source>{0} twice</source>
            <translation>{0} zweimal</translation>
        </message>
    </context>
    <context>
        <name>AgreementDesk</name>
        <message>
            <source>1   {0}</source>
            <translation>1   {0}</translation>
        </message>
        <message>
            <source>2   {0}</source>
            <translation>2   {0}</translation>
        </message>
        <message>
            <source>Comparing labels…</source>
            <translation>Die Markierungen werden verglichen…</translation>
        </message>
        <message>
            <source>Draw or tag {0} anew, then let it be the third verdict.</source>
            <translation>{0} neu zeichnen oder bewerten, dann als drittes Urteil nehmen.</translation>
        </message>
        <message>
            <source>Take it as it is now</source>
            <translation>So nehmen, wie es jetzt ist</translation>
        </message>
    </context>
    <context>
        <name>AgreementPage</name>
        <message numerus="yes">
            <source>%Ln contested</source>
            <translation>
                <numerusform>%Ln strittig</numerusform>
                <numerusform>%Ln strittig</numerusform>
            </translation>
        </message>
        <message>
            <source>Agreement of labels</source>
            <translation>Übereinstimmung</translation>
        </message>
        <message>
            <source>Back to the image (Esc)</source>
            <translation>Zurück zum Bild (Esc)</translation>
        </message>
        <message>
            <source>Choose something on the left to see both versions.</source>
            <translation>Links etwas wählen, um beide Fassungen zu sehen.</translation>
        </message>
        <message>
            <source>Draw it</source>
            <translation>Zeichnen</translation>
        </message>
        <message>
            <source>Keep the first</source>
            <translation>Erste behalten</translation>
        </message>
        <message>
            <source>Keep the second</source>
            <translation>Zweite behalten</translation>
        </message>
        <message>
            <source>Nothing is contested.</source>
            <translation>Nichts ist strittig.</translation>
        </message>
        <message>
            <source>Nothing was labelled twice yet.</source>
            <translation>Noch wurde nichts zweimal markiert.</translation>
        </message>
        <message>
            <source>The first version</source>
            <translation>Die erste Fassung</translation>
        </message>
        <message>
            <source>The second version</source>
            <translation>Die zweite Fassung</translation>
        </message>
        <message>
            <source>What is contested, the widest apart first</source>
            <translation>Was strittig ist, das am weitesten Auseinanderliegende zuerst</translation>
        </message>
    </context>
    <context>
        <name>AnnotateDesk</name>
        <message>
            <source>Accept the model's region</source>
            <translation>Region des Modells übernehmen</translation>
        </message>
        <message>
            <source>Box</source>
            <translation>Rechteck</translation>
        </message>
        <message>
            <source>Box to defect</source>
            <translation>Rechteck an Defekt anpassen</translation>
        </message>
        <message>
            <source>Brush</source>
            <translation>Pinsel</translation>
        </message>
        <message>
            <source>Ellipse</source>
            <translation>Ellipse</translation>
        </message>
        <message>
            <source>Eraser</source>
            <translation>Radierer</translation>
        </message>
        <message>
            <source>Fill</source>
            <translation>Füllen</translation>
        </message>
        <message>
            <source>Magic wand</source>
            <translation>Zauberstab</translation>
        </message>
        <message>
            <source>Nobody has said yet whether this image is good.</source>
            <translation>Noch hat niemand gesagt, ob dieses Bild gut ist.</translation>
        </message>
        <message>
            <source>Polygon</source>
            <translation>Polygon</translation>
        </message>
        <message>
            <source>Press G for good, X for defective, or draw a defect; then finish it.</source>
            <translation>Drücken Sie G für gut, X für defekt, oder zeichnen Sie einen Defekt; schließen Sie dann ab.</translation>
        </message>
        <message>
            <source>Scissors along edges</source>
            <translation>Schere entlang von Kanten</translation>
        </message>
        <message>
            <source>Select and move</source>
            <translation>Auswählen und verschieben</translation>
        </message>
        <message>
            <source>Superpixels</source>
            <translation>Superpixel</translation>
        </message>
        <message>
            <source>There is no class {0} yet.</source>
            <translation>Es gibt noch keine Klasse {0}.</translation>
        </message>
        <message>
            <source>There is no image before this one in the list.</source>
            <translation>In der Liste steht kein Bild vor diesem.</translation>
        </message>
        <message>
            <source>This is the last image of the list.</source>
            <translation>Dies ist das letzte Bild der Liste.</translation>
        </message>
        <message>
            <source>This project is open for reading only: regions can be looked at but not changed.</source>
            <translation>Dieses Projekt ist nur lesend geöffnet: Regionen lassen sich ansehen, aber nicht ändern.</translation>
        </message>
        <message>
            <source>Working…</source>
            <translation>In Arbeit…</translation>
        </message>
    </context>
    <context>
        <name>AppearancePage</name>
        <message>
            <source>&amp;Ask some tags, verdicts and panels a second time without saying so</source>
            <translation>Einige Bewertungen, Urteile und Tafeln &amp;unangekündigt ein zweites Mal fragen</translation>
        </message>
        <message>
            <source>&amp;Go on to the next image after tagging</source>
            <translation>&amp;Nach der Bewertung zum nächsten Bild gehen</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>&amp;Sprache</translation>
        </message>
        <message>
            <source>&amp;Show the window in the new language</source>
            <translation>&amp;Fenster in der neuen Sprache zeigen</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>&amp;Farbschema</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Si&amp;ze</source>
            <translation>&amp;Größe</translation>
        </message>
        <message>
            <source>The mouse &amp;wheel</source>
            <translation>Das &amp;Mausrad</translation>
        </message>
        <message>
            <source>The new language counts once the window is made anew; your project stays open.</source>
            <translation>Die neue Sprache gilt, sobald das Fenster neu aufgebaut ist; Ihr Projekt bleibt offen.</translation>
        </message>
        <message>
            <source>The new size counts from the next start of DefectStudio.</source>
            <translation>Die neue Größe gilt ab dem nächsten Start von DefectStudio.</translation>
        </message>
        <message>
            <source>scrolls; with Ctrl it zooms</source>
            <translation>verschiebt; mit Strg zoomt es</translation>
        </message>
        <message>
            <source>zooms</source>
            <translation>zoomt</translation>
        </message>
    </context>
    <context>
        <name>Approver</name>
        <message>
            <source>A training is under way.</source>
            <translation>Ein Training läuft gerade.</translation>
        </message>
        <message>
            <source>Approve the run when it has ended.</source>
            <translation>Geben Sie den Lauf frei, wenn es beendet ist.</translation>
        </message>
        <message>
            <source>Fitting the thresholds…</source>
            <translation>Schwellen werden angepasst …</translation>
        </message>
        <message>
            <source>{0} is approved and deployed from now on.</source>
            <translation>{0} ist freigegeben und ab jetzt im Einsatz.</translation>
        </message>
    </context>
    <context>
        <name>Asking</name>
        <message>
            <source>Nothing is ticked. Where no patch is alike, press N.</source>
            <translation>Nichts ist angehakt. Wo kein Ausschnitt ähnlich ist: N drücken.</translation>
        </message>
    </context>
    <context>
        <name>BookDesk</name>
        <message numerus="yes">
            <source>%Ln entry(s) proposed for the book</source>
            <translation>
                <numerusform>%Ln Eintrag für das Buch vorgeschlagen</numerusform>
                <numerusform>%Ln Einträge für das Buch vorgeschlagen</numerusform>
            </translation>
        </message>
        <message>
            <source>Added as no {0}.</source>
            <translation>Als Verwechslung mit {0} aufgenommen.</translation>
        </message>
        <message>
            <source>Defect book</source>
            <translation>Fehlerbuch</translation>
        </message>
        <message>
            <source>Del takes one out, T turns it round.</source>
            <translation>Entf nimmt einen heraus, T dreht ihn um.</translation>
        </message>
        <message>
            <source>Draw defects of the class, or confirm and reject detections.</source>
            <translation>Zeichnen Sie Fehler der Klasse, oder bestätigen und verwerfen Sie Funde.</translation>
        </message>
        <message>
            <source>Exemplar of {0} added to the book.</source>
            <translation>Musterbeispiel für {0} ins Buch aufgenommen.</translation>
        </message>
        <message>
            <source>Print the defect book</source>
            <translation>Fehlerbuch drucken</translation>
        </message>
        <message>
            <source>The defect book is written to {0}.</source>
            <translation>Das Fehlerbuch steht in {0}.</translation>
        </message>
        <message>
            <source>There is nothing to propose for the book.</source>
            <translation>Für das Buch gibt es nichts vorzuschlagen.</translation>
        </message>
    </context>
    <context>
        <name>BookPanel</name>
        <message>
            <source>Caption of the chosen entry</source>
            <translation>Bildunterschrift des gewählten Eintrags</translation>
        </message>
        <message>
            <source>Class of the page in the defect book</source>
            <translation>Klasse der Seite im Fehlerbuch</translation>
        </message>
        <message>
            <source>Definition of the class</source>
            <translation>Definition der Klasse</translation>
        </message>
        <message>
            <source>Exemplar</source>
            <translation>Muster</translation>
        </message>
        <message>
            <source>Exemplars of the class</source>
            <translation>Musterbeispiele der Klasse</translation>
        </message>
        <message>
            <source>Look-alike</source>
            <translation>Verwechslung</translation>
        </message>
        <message>
            <source>Look-alikes that are not of the class</source>
            <translation>Verwechslungen, die nicht zur Klasse gehören</translation>
        </message>
        <message>
            <source>No picture yet.</source>
            <translation>Noch kein Bild.</translation>
        </message>
        <message>
            <source>There is no defect class yet.</source>
            <translation>Es gibt noch keine Fehlerklasse.</translation>
        </message>
        <message>
            <source>This is it</source>
            <translation>Das ist es</translation>
        </message>
        <message>
            <source>This is not, although it looks like it</source>
            <translation>Das ist es nicht, obwohl es so aussieht</translation>
        </message>
        <message>
            <source>Write what this is, and from when on it counts…</source>
            <translation>Was ist das, und ab wann zählt es…</translation>
        </message>
        <message>
            <source>proposed</source>
            <translation>vorgeschlagen</translation>
        </message>
    </context>
    <context>
        <name>BoxTool</name>
        <message>
            <source>Drag from corner to corner. Hold Shift for a square.</source>
            <translation>Ziehen Sie von Ecke zu Ecke. Mit Umschalt wird es ein Quadrat.</translation>
        </message>
    </context>
    <context>
        <name>Brush</name>
        <message>
            <source>Drag to paint. Hold Alt to erase. [ and ] or Alt and the wheel change the size.</source>
            <translation>Ziehen malt, mit Alt wird radiert. [ und ] oder Alt und das Mausrad ändern die Größe.</translation>
        </message>
    </context>
    <context>
        <name>Budget</name>
        <message numerus="yes">
            <source>%Ln more mask(s) are worth about {0} {1} ({2} to {3}).</source>
            <translation>
                <numerusform>%Ln weitere Maske bringt etwa {0} {1} ({2} bis {3}).</numerusform>
                <numerusform>%Ln weitere Masken bringen etwa {0} {1} ({2} bis {3}).</numerusform>
            </translation>
        </message>
        <message>
            <source>IoU</source>
            <translation>IoU</translation>
        </message>
        <message>
            <source>image AP</source>
            <translation>Bild-AP</translation>
        </message>
        <message>
            <source>pixel AP</source>
            <translation>Pixel-AP</translation>
        </message>
    </context>
    <context>
        <name>BudgetChart</name>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln Maske</numerusform>
                <numerusform>%Ln Masken</numerusform>
            </translation>
        </message>
        <message>
            <source>Figure against number of masks</source>
            <translation>Kennzahl gegen Zahl der Masken</translation>
        </message>
        <message>
            <source>Point at a training to read its figure, or use Left and Right.</source>
            <translation>Auf ein Training zeigen, um seine Kennzahl zu lesen, oder Links und Rechts drücken.</translation>
        </message>
        <message>
            <source>masks</source>
            <translation>Masken</translation>
        </message>
    </context>
    <context>
        <name>BudgetPage</name>
        <message>
            <source> points</source>
            <translation> Punkte</translation>
        </message>
        <message numerus="yes">
            <source>%Ln more training(s) with another number of masks are needed for a curve. Draw some masks, then press Ctrl+T; only figures on images that trained no run count.</source>
            <translation>
                <numerusform>Für eine Kurve fehlt %Ln Training mit anderer Zahl von Masken. Einige Masken zeichnen, dann Strg+T drücken; es zählen nur Kennzahlen auf Bildern, mit denen kein Lauf trainiert hat.</numerusform>
                <numerusform>Für eine Kurve fehlen %Ln Trainings mit anderer Zahl von Masken. Einige Masken zeichnen, dann Strg+T drücken; es zählen nur Kennzahlen auf Bildern, mit denen kein Lauf trainiert hat.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln run(s) trained otherwise are left out.</source>
            <translation>
                <numerusform>%Ln anders trainierter Lauf zählt nicht mit.</numerusform>
                <numerusform>%Ln anders trainierte Läufe zählen nicht mit.</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Figure</source>
            <translation>&amp;Kennzahl</translation>
        </message>
        <message>
            <source>&amp;Stop below a gain of</source>
            <translation>Auf&amp;hören unter</translation>
        </message>
        <message>
            <source>Going on can pay: the gain may reach {0} points or more.</source>
            <translation>Weitermachen kann sich lohnen: Der Gewinn kann {0} Punkte oder mehr erreichen.</translation>
        </message>
        <message numerus="yes">
            <source>Measured on %Ln held-out image(s); intervals hold 90 %.</source>
            <translation>
                <numerusform>Gemessen an %Ln zurückgehaltenen Bild; die Intervalle umfassen 90 %.</numerusform>
                <numerusform>Gemessen an %Ln zurückgehaltenen Bildern; die Intervalle umfassen 90 %.</numerusform>
            </translation>
        </message>
        <message>
            <source>Measuring the runs…</source>
            <translation>Läufe werden gemessen…</translation>
        </message>
        <message>
            <source>Nothing can be said of more masks yet.</source>
            <translation>Über weitere Masken lässt sich noch nichts sagen.</translation>
        </message>
        <message>
            <source>Progress of the measuring</source>
            <translation>Fortschritt der Messung</translation>
        </message>
        <message>
            <source>Stop here: even the hopeful end lies below {0} points.</source>
            <translation>Hier aufhören: Selbst das hoffnungsvolle Ende liegt unter {0} Punkten.</translation>
        </message>
        <message>
            <source>Stop measuring</source>
            <translation>Messung anhalten</translation>
        </message>
    </context>
    <context>
        <name>CandidatePage</name>
        <message>
            <source>Approve the candidate</source>
            <translation>Kandidaten freigeben</translation>
        </message>
        <message>
            <source>Comparing…</source>
            <translation>Vergleich läuft…</translation>
        </message>
        <message>
            <source>Features of defect areas, before and after</source>
            <translation>Merkmale der Fehlerstellen, vorher und nachher</translation>
        </message>
        <message>
            <source>Figures before and after</source>
            <translation>Zahlen vorher und nachher</translation>
        </message>
        <message>
            <source>Judge them next</source>
            <translation>Als Nächstes beurteilen</translation>
        </message>
        <message>
            <source>Lay out the map (t-SNE)</source>
            <translation>Karte anordnen (t-SNE)</translation>
        </message>
        <message>
            <source>New detections that nobody judged</source>
            <translation>Neue Funde, die niemand beurteilt hat</translation>
        </message>
        <message>
            <source>No candidate was trained yet.</source>
            <translation>Es wurde noch kein Kandidat trainiert.</translation>
        </message>
        <message>
            <source>Progress of the comparison</source>
            <translation>Fortschritt des Vergleichs</translation>
        </message>
        <message>
            <source>Progress of the map</source>
            <translation>Fortschritt der Karte</translation>
        </message>
        <message>
            <source>Reject it</source>
            <translation>Ablehnen</translation>
        </message>
        <message>
            <source>Stop comparing</source>
            <translation>Vergleich anhalten</translation>
        </message>
        <message>
            <source>Stop laying out the map</source>
            <translation>Anordnen der Karte anhalten</translation>
        </message>
        <message>
            <source>Verdicts that the candidate contradicts</source>
            <translation>Urteile, denen der Kandidat widerspricht</translation>
        </message>
        <message>
            <source>Who decides</source>
            <translation>Wer entscheidet</translation>
        </message>
        <message>
            <source>Why</source>
            <translation>Warum</translation>
        </message>
        <message>
            <source>Write who decides and why first.</source>
            <translation>Erst eintragen, wer entscheidet und warum.</translation>
        </message>
        <message>
            <source>new, after</source>
            <translation>neu, nachher</translation>
        </message>
        <message>
            <source>new, before</source>
            <translation>neu, vorher</translation>
        </message>
        <message>
            <source>old, after</source>
            <translation>alt, nachher</translation>
        </message>
        <message>
            <source>old, before</source>
            <translation>alt, vorher</translation>
        </message>
    </context>
    <context>
        <name>Canvas</name>
        <message>
            <source>Image viewer</source>
            <translation>Bildansicht</translation>
        </message>
    </context>
    <context>
        <name>ClassDesk</name>
        <message>
            <source>Classes</source>
            <translation>Klassen</translation>
        </message>
        <message>
            <source>Colour of {0}</source>
            <translation>Farbe von {0}</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Delete the class {0}?</source>
            <translation>Klasse {0} löschen?</translation>
        </message>
        <message>
            <source>Merge</source>
            <translation>Zusammenführen</translation>
        </message>
        <message>
            <source>Merge {0} into {1}?</source>
            <translation>{0} mit {1} zusammenführen?</translation>
        </message>
        <message>
            <source>Nothing is drawn in it and no tag names it.</source>
            <translation>Nichts ist darin gezeichnet, und keine Bewertung nennt sie.</translation>
        </message>
        <message>
            <source>On {0} images, {1} pixels {2}.</source>
            <translation>Auf {0} Bildern: {1} Pixel {2}.</translation>
        </message>
        <message>
            <source>Undo brings everything back.</source>
            <translation>Mit Rückgängig kommt alles zurück.</translation>
        </message>
        <message>
            <source>become unknown</source>
            <translation>werden unbekannt</translation>
        </message>
        <message>
            <source>become {0}</source>
            <translation>werden {0}</translation>
        </message>
        <message>
            <source>defect</source>
            <translation>Defekt</translation>
        </message>
        <message>
            <source>{0} image tags name this class.</source>
            <translation>{0} Bildbewertungen nennen diese Klasse.</translation>
        </message>
    </context>
    <context>
        <name>ClassesSection</name>
        <message>
            <source>Add a class</source>
            <translation>Klasse hinzufügen</translation>
        </message>
        <message>
            <source>Class to paint</source>
            <translation>Klasse, mit der gemalt wird</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>Klassen</translation>
        </message>
        <message>
            <source>Colour…</source>
            <translation>Farbe…</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen…</translation>
        </message>
        <message>
            <source>Healthy</source>
            <translation>Fehlerfrei</translation>
        </message>
        <message>
            <source>Merge into</source>
            <translation>Zusammenführen mit</translation>
        </message>
        <message>
            <source>Name of the class</source>
            <translation>Name der Klasse</translation>
        </message>
        <message>
            <source>No classes yet. The first stroke makes one, or add yours with +.</source>
            <translation>Noch keine Klassen. Der erste Strich legt eine an, oder fügen Sie mit + eigene hinzu.</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Rename, recolour, merge or delete the chosen class</source>
            <translation>Gewählte Klasse umbenennen, umfärben, zusammenführen oder löschen</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>Unbekannt</translation>
        </message>
        <message>
            <source>{0} (key {1})</source>
            <translation>{0} (Taste {1})</translation>
        </message>
    </context>
    <context>
        <name>CompareBar</name>
        <message>
            <source>Comparison</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <source>Figures</source>
            <translation>Kennzahlen</translation>
        </message>
        <message>
            <source>Run whose heat map stands left</source>
            <translation>Lauf, dessen Heatmap links steht</translation>
        </message>
        <message>
            <source>Run whose heat map stands right</source>
            <translation>Lauf, dessen Heatmap rechts steht</translation>
        </message>
    </context>
    <context>
        <name>CompareDesk</name>
        <message>
            <source>Choose finished runs.</source>
            <translation>Wählen Sie fertige Läufe.</translation>
        </message>
        <message>
            <source>Choose two, three or four runs to compare.</source>
            <translation>Wählen Sie zwei, drei oder vier Läufe zum Vergleichen.</translation>
        </message>
        <message>
            <source>Hold Ctrl or Shift while you click them in the table, or press Shift with the arrows.</source>
            <translation>Halten Sie Strg oder Umschalt, während Sie sie in der Tabelle anklicken, oder drücken Sie Umschalt mit den Pfeiltasten.</translation>
        </message>
        <message>
            <source>{0} has no predictions to compare.</source>
            <translation>{0} hat keine Vorhersagen zum Vergleichen.</translation>
        </message>
    </context>
    <context>
        <name>CompareStrip</name>
        <message>
            <source>Images on which the runs differ</source>
            <translation>Bilder, bei denen die Läufe voneinander abweichen</translation>
        </message>
        <message>
            <source>The runs rank and call all images alike.</source>
            <translation>Die Läufe ordnen und beurteilen alle Bilder gleich.</translation>
        </message>
        <message>
            <source>{0} images are called differently; then those whose ranks differ most.</source>
            <translation>{0} Bilder werden verschieden beurteilt; danach die, deren Rang am stärksten abweicht.</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>AP %</source>
            <translation>AP %</translation>
        </message>
        <message>
            <source>AUC %</source>
            <translation>AUC %</translation>
        </message>
        <message>
            <source>All splits</source>
            <translation>Alle Splits</translation>
        </message>
        <message>
            <source>Also images that trained them</source>
            <translation>Auch Bilder, mit denen sie trainiert wurden</translation>
        </message>
        <message>
            <source>Best precision at each recall, run by run</source>
            <translation>Beste Precision bei jedem Recall, Lauf für Lauf</translation>
        </message>
        <message>
            <source>Comparing…</source>
            <translation>Wird verglichen…</translation>
        </message>
        <message>
            <source>Correct %</source>
            <translation>Richtig %</translation>
        </message>
        <message>
            <source>F1 %</source>
            <translation>F1 %</translation>
        </message>
        <message>
            <source>False alarms</source>
            <translation>Fehlalarme</translation>
        </message>
        <message>
            <source>Figures of the compared runs</source>
            <translation>Kennzahlen der verglichenen Läufe</translation>
        </message>
        <message>
            <source>IoU %</source>
            <translation>IoU %</translation>
        </message>
        <message>
            <source>Loss by epoch</source>
            <translation>Loss je Epoche</translation>
        </message>
        <message>
            <source>Loss over epochs, run by run</source>
            <translation>Loss über Epochen, Lauf für Lauf</translation>
        </message>
        <message>
            <source>Missed</source>
            <translation>Übersehen</translation>
        </message>
        <message>
            <source>Pixel AP %</source>
            <translation>Pixel-AP %</translation>
        </message>
        <message>
            <source>Precision % at each recall %</source>
            <translation>Precision % bei jedem Recall %</translation>
        </message>
        <message>
            <source>Progress of the comparison</source>
            <translation>Fortschritt des Vergleichs</translation>
        </message>
        <message>
            <source>Settings in which the runs differ</source>
            <translation>Einstellungen, in denen sich die Läufe unterscheiden</translation>
        </message>
        <message>
            <source>Settings that differ</source>
            <translation>Abweichende Einstellungen</translation>
        </message>
        <message>
            <source>Split on which the runs are compared</source>
            <translation>Split, auf dem die Läufe verglichen werden</translation>
        </message>
        <message>
            <source>Split {0}</source>
            <translation>Split {0}</translation>
        </message>
        <message>
            <source>The labels have changed: compare again</source>
            <translation>Die Labels haben sich geändert: neu vergleichen</translation>
        </message>
        <message>
            <source>epoch</source>
            <translation>Epoche</translation>
        </message>
        <message>
            <source>recall</source>
            <translation>Recall</translation>
        </message>
    </context>
    <context>
        <name>Comparison</name>
        <message>
            <source>Classes</source>
            <translation>Klassen</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <source>Labels as of step</source>
            <translation>Labels bis Schritt</translation>
        </message>
        <message>
            <source>Masks</source>
            <translation>Masken</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>No clear difference in {0} between {1} and {2}: {3} points ({4} to {5}).</source>
            <translation>Kein klarer Unterschied in {0} zwischen {1} und {2}: {3} Punkte ({4} bis {5}).</translation>
        </message>
        <message>
            <source>Pixel AP</source>
            <translation>Pixel-AP</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Threshold from</source>
            <translation>Schwelle aus</translation>
        </message>
        <message>
            <source>Training images</source>
            <translation>Trainingsbilder</translation>
        </message>
        <message>
            <source>Version of {0}</source>
            <translation>Version von {0}</translation>
        </message>
        <message>
            <source>all splits</source>
            <translation>allen Splits</translation>
        </message>
        <message>
            <source>calls it defective</source>
            <translation>nennt es fehlerhaft</translation>
        </message>
        <message>
            <source>calls it good</source>
            <translation>nennt es gut</translation>
        </message>
        <message>
            <source>right</source>
            <translation>richtig</translation>
        </message>
        <message>
            <source>split {0}</source>
            <translation>Split {0}</translation>
        </message>
        <message>
            <source>wrong</source>
            <translation>falsch</translation>
        </message>
        <message>
            <source>{0} images have no tag and do not count: unreviewed is not good.</source>
            <translation>{0} Bilder sind unbewertet und zählen nicht: ungesehen ist nicht gut.</translation>
        </message>
        <message>
            <source>{0} images lack a prediction of one run and do not count.</source>
            <translation>Zu {0} Bildern fehlt die Vorhersage eines Laufs; sie zählen nicht.</translation>
        </message>
        <message>
            <source>{0} images of {1}, {2} of them defective; 95 % intervals in brackets.</source>
            <translation>{0} Bilder aus {1}, davon {2} fehlerhaft; 95-%-Intervalle in Klammern.</translation>
        </message>
        <message>
            <source>{0} images trained one of these runs and do not count.</source>
            <translation>{0} Bilder haben einen dieser Läufe trainiert und zählen nicht.</translation>
        </message>
        <message>
            <source>{0} is better than {1} in {2} by {3} points ({4} to {5}).</source>
            <translation>{0} ist in {2} um {3} Punkte besser als {1} ({4} bis {5}).</translation>
        </message>
    </context>
    <context>
        <name>ContestedSection</name>
        <message numerus="yes">
            <source>%Ln contested patch(es)</source>
            <translation>
                <numerusform>%Ln strittiger Ausschnitt</numerusform>
                <numerusform>%Ln strittige Ausschnitte</numerusform>
            </translation>
        </message>
        <message>
            <source>Contested patches</source>
            <translation>Strittige Ausschnitte</translation>
        </message>
        <message>
            <source>Patches of which different things were said; Enter or a click shows one</source>
            <translation>Ausschnitte, über die Verschiedenes gesagt wurde; Eingabe oder ein Klick zeigt einen</translation>
        </message>
    </context>
    <context>
        <name>CountsSection</name>
        <message>
            <source>About one panel in twenty is shown again unnoticed; this is how alike both answers are.</source>
            <translation>Etwa eine von zwanzig Tafeln kommt unbemerkt noch einmal; so ähnlich sind beide Antworten.</translation>
        </message>
        <message>
            <source>Agreement with yourself</source>
            <translation>Einig mit sich selbst</translation>
        </message>
        <message>
            <source>Answers</source>
            <translation>Antworten</translation>
        </message>
        <message>
            <source>Answers of this round</source>
            <translation>Antworten dieser Runde</translation>
        </message>
        <message>
            <source>Labels changed</source>
            <translation>Geänderte Markierungen</translation>
        </message>
        <message>
            <source>Patches whose label an answer of this round turned into another.</source>
            <translation>Ausschnitte, deren Markierung eine Antwort dieser Runde geändert hat.</translation>
        </message>
        <message>
            <source>Round {0}</source>
            <translation>Runde {0}</translation>
        </message>
        <message>
            <source>Seconds per answer</source>
            <translation>Sekunden je Antwort</translation>
        </message>
        <message>
            <source>The mean over this round.</source>
            <translation>Der Mittelwert dieser Runde.</translation>
        </message>
        <message>
            <source>This round</source>
            <translation>Diese Runde</translation>
        </message>
        <message>
            <source>{0} of {1}</source>
            <translation>{0} von {1}</translation>
        </message>
    </context>
    <context>
        <name>Demo</name>
        <message>
            <source>Starting</source>
            <translation>Start</translation>
        </message>
    </context>
    <context>
        <name>DenseSection</name>
        <message>
            <source>Dense map</source>
            <translation>Dichte Maske</translation>
        </message>
        <message>
            <source>Take over</source>
            <translation>Übernehmen</translation>
        </message>
        <message>
            <source>What the newest round sees becomes the label maps, as one step that Undo takes back.</source>
            <translation>Was die neueste Runde sieht, wird zu den Masken, als ein Schritt, den Rückgängig zurücknimmt.</translation>
        </message>
        <message>
            <source>Where a dense map may show defects</source>
            <translation>Wo eine dichte Maske Defekte zeigen darf</translation>
        </message>
        <message>
            <source>everywhere</source>
            <translation>überall</translation>
        </message>
        <message>
            <source>inside the regions it began with</source>
            <translation>in den Regionen vom Anfang</translation>
        </message>
    </context>
    <context>
        <name>Deployed</name>
        <message>
            <source>Approve</source>
            <translation>Freigeben</translation>
        </message>
        <message>
            <source>Approve a run…</source>
            <translation>Lauf freigeben…</translation>
        </message>
        <message>
            <source>Approve another run…</source>
            <translation>Anderen Lauf freigeben…</translation>
        </message>
        <message>
            <source>Deployed run</source>
            <translation>Eingesetzter Lauf</translation>
        </message>
        <message>
            <source>No run is approved yet. New images are looked through by an approved run.</source>
            <translation>Noch ist kein Lauf freigegeben. Neue Bilder sieht ein freigegebener Lauf durch.</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>Lauf</translation>
        </message>
        <message>
            <source>Who</source>
            <translation>Wer</translation>
        </message>
        <message>
            <source>Why</source>
            <translation>Warum</translation>
        </message>
        <message>
            <source>Write who decides and why first.</source>
            <translation>Erst eintragen, wer entscheidet und warum.</translation>
        </message>
    </context>
    <context>
        <name>DetectionShow</name>
        <message>
            <source>Agreed examples of {0}, the nearest first</source>
            <translation>Anerkannte Beispiele für {0}, die ähnlichsten zuerst</translation>
        </message>
        <message>
            <source>Looking for agreed examples…</source>
            <translation>Anerkannte Beispiele werden gesucht…</translation>
        </message>
        <message>
            <source>No example of {0} is agreed yet.</source>
            <translation>Für {0} gibt es noch kein anerkanntes Beispiel.</translation>
        </message>
        <message>
            <source>{0} × {1} pixels</source>
            <translation>{0} × {1} Pixel</translation>
        </message>
    </context>
    <context>
        <name>Easel</name>
        <message>
            <source>Choose one in the list of classes.</source>
            <translation>Wählen Sie eine in der Klassenliste.</translation>
        </message>
        <message>
            <source>Import images first.</source>
            <translation>Importieren Sie zuerst Bilder.</translation>
        </message>
        <message>
            <source>No class is chosen.</source>
            <translation>Keine Klasse ist gewählt.</translation>
        </message>
        <message>
            <source>No project is open.</source>
            <translation>Kein Projekt ist geöffnet.</translation>
        </message>
        <message>
            <source>Open one first.</source>
            <translation>Öffnen Sie zuerst eines.</translation>
        </message>
        <message>
            <source>There is no image to draw on.</source>
            <translation>Es gibt kein Bild zum Zeichnen.</translation>
        </message>
        <message>
            <source>defect</source>
            <translation>Defekt</translation>
        </message>
    </context>
    <context>
        <name>EllipseTool</name>
        <message>
            <source>Drag from corner to corner of the box around it. Hold Shift for a circle.</source>
            <translation>Ziehen Sie das umgebende Rechteck von Ecke zu Ecke auf. Mit Umschalt wird es ein Kreis.</translation>
        </message>
    </context>
    <context>
        <name>Eraser</name>
        <message>
            <source>Drag to erase: what was drawn becomes healthy on a complete image, else unknown again.</source>
            <translation>Ziehen radiert: Gezeichnetes wird auf einem vollständigen Bild fehlerfrei, sonst wieder unbekannt.</translation>
        </message>
    </context>
    <context>
        <name>FeaturesDesk</name>
        <message>
            <source>After</source>
            <translation>Nachher</translation>
        </message>
        <message>
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <source>Discs: old images; triangles: new ones. Colours: {0}.</source>
            <translation>Kreise: alte Bilder; Dreiecke: neue. Farben: {0}.</translation>
        </message>
        <message>
            <source>Laying out the map…</source>
            <translation>Karte wird angeordnet…</translation>
        </message>
    </context>
    <context>
        <name>Figures</name>
        <message>
            <source>Class</source>
            <translation>Klasse</translation>
        </message>
        <message>
            <source>Equal</source>
            <translation>Gleich</translation>
        </message>
        <message>
            <source>Figures of agreement</source>
            <translation>Kennzahlen der Übereinstimmung</translation>
        </message>
        <message>
            <source>IoU</source>
            <translation>IoU</translation>
        </message>
        <message>
            <source>Kappa</source>
            <translation>Kappa</translation>
        </message>
        <message>
            <source>Twice</source>
            <translation>Zweimal</translation>
        </message>
        <message>
            <source>Twice: how many. Equal: share of equal answers in %. Kappa: beyond chance. IoU: overlap of masks.</source>
            <translation>Zweimal: wie viele. Gleich: Anteil gleicher Antworten in %. Kappa: über den Zufall hinaus. IoU: Überlappung von Masken.</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>all</source>
            <translation>alle</translation>
        </message>
    </context>
    <context>
        <name>Fill</name>
        <message>
            <source>Click into an area: all of it that has the same label takes the current class.</source>
            <translation>Klicken Sie in eine Fläche: Alles mit derselben Markierung erhält die aktuelle Klasse.</translation>
        </message>
    </context>
    <context>
        <name>Gallery</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>All splits</source>
            <translation>Alle Teile</translation>
        </message>
        <message>
            <source>All states</source>
            <translation>Alle Stände</translation>
        </message>
        <message>
            <source>All tags</source>
            <translation>Alle Urteile</translation>
        </message>
        <message>
            <source>By doubt</source>
            <translation>Nach Zweifel</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Nach Name</translation>
        </message>
        <message>
            <source>By score</source>
            <translation>Nach Score</translation>
        </message>
        <message>
            <source>By state</source>
            <translation>Nach Stand</translation>
        </message>
        <message>
            <source>Images</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Import images…</source>
            <translation>Bilder importieren…</translation>
        </message>
        <message>
            <source>No image passes the filters.</source>
            <translation>Kein Bild entspricht den Filtern.</translation>
        </message>
        <message>
            <source>No images yet. Import a folder with Ctrl+I, or drop one onto the window.</source>
            <translation>Noch keine Bilder. Importieren Sie einen Ordner mit Strg+I, oder ziehen Sie ihn auf das Fenster.</translation>
        </message>
        <message>
            <source>Order of the images</source>
            <translation>Reihenfolge der Bilder</translation>
        </message>
        <message>
            <source>Search by name</source>
            <translation>Nach Namen suchen</translation>
        </message>
        <message>
            <source>Search images by name</source>
            <translation>Bilder nach Namen suchen</translation>
        </message>
        <message>
            <source>Show all images</source>
            <translation>Alle Bilder zeigen</translation>
        </message>
        <message>
            <source>Show images in this state of work</source>
            <translation>Bilder mit diesem Bearbeitungsstand zeigen</translation>
        </message>
        <message>
            <source>Show images of this split</source>
            <translation>Bilder dieses Datenteils (Training, Test) zeigen</translation>
        </message>
        <message>
            <source>Show images with this tag</source>
            <translation>Bilder mit diesem Urteil zeigen</translation>
        </message>
        <message>
            <source>{0} of {1} images</source>
            <translation>{0} von {1} Bildern</translation>
        </message>
    </context>
    <context>
        <name>GalleryModel</name>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation>
                <numerusform>%Ln Notiz</numerusform>
                <numerusform>%Ln Notizen</numerusform>
            </translation>
        </message>
        <message>
            <source>score {0}</source>
            <translation>Score {0}</translation>
        </message>
    </context>
    <context>
        <name>Gestures</name>
        <message>
            <source>accept the dense maps of round {0}</source>
            <translation>dichte Masken von Runde {0} übernehmen</translation>
        </message>
        <message>
            <source>add a look-alike to the book</source>
            <translation>Verwechslung ins Buch aufnehmen</translation>
        </message>
        <message>
            <source>add an exemplar to the book</source>
            <translation>Musterbeispiel ins Buch aufnehmen</translation>
        </message>
        <message>
            <source>add class {0}</source>
            <translation>Klasse {0} hinzufügen</translation>
        </message>
        <message>
            <source>add note</source>
            <translation>Notiz hinzufügen</translation>
        </message>
        <message>
            <source>answer panel {0} of round {1}</source>
            <translation>Tafel {0} von Runde {1} beantworten</translation>
        </message>
        <message>
            <source>approve run {0}</source>
            <translation>Lauf {0} freigeben</translation>
        </message>
        <message>
            <source>caption in the book</source>
            <translation>Bildunterschrift im Buch</translation>
        </message>
        <message>
            <source>change class of detection</source>
            <translation>Klasse des Funds ändern</translation>
        </message>
        <message>
            <source>change colour of {0}</source>
            <translation>Farbe von {0} ändern</translation>
        </message>
        <message>
            <source>change note</source>
            <translation>Notiz ändern</translation>
        </message>
        <message>
            <source>change region to {0}</source>
            <translation>Region zu {0} ändern</translation>
        </message>
        <message>
            <source>confirm detection</source>
            <translation>Fund bestätigen</translation>
        </message>
        <message>
            <source>confirm detections: {0}</source>
            <translation>Funde bestätigen: {0}</translation>
        </message>
        <message>
            <source>confirm the tag of {0}</source>
            <translation>Bewertung von {0} bestätigen</translation>
        </message>
        <message>
            <source>copy defects</source>
            <translation>Defekte kopieren</translation>
        </message>
        <message>
            <source>define {0}</source>
            <translation>{0} definieren</translation>
        </message>
        <message>
            <source>delete class {0}</source>
            <translation>Klasse {0} löschen</translation>
        </message>
        <message>
            <source>delete region</source>
            <translation>Region löschen</translation>
        </message>
        <message>
            <source>delete run {0}</source>
            <translation>Lauf {0} löschen</translation>
        </message>
        <message>
            <source>delete {0} runs</source>
            <translation>{0} Läufe löschen</translation>
        </message>
        <message>
            <source>erase</source>
            <translation>radieren</translation>
        </message>
        <message>
            <source>fill holes</source>
            <translation>Löcher füllen</translation>
        </message>
        <message>
            <source>finish image</source>
            <translation>Bild abschließen</translation>
        </message>
        <message>
            <source>give {0} back to the queue</source>
            <translation>{0} wieder vorschlagen</translation>
        </message>
        <message>
            <source>grow region</source>
            <translation>Region vergrößern</translation>
        </message>
        <message>
            <source>healthy</source>
            <translation>fehlerfrei</translation>
        </message>
        <message>
            <source>import {0} images from {1}</source>
            <translation>{0} Bilder aus {1} importieren</translation>
        </message>
        <message>
            <source>mark done</source>
            <translation>als erledigt kennzeichnen</translation>
        </message>
        <message>
            <source>mark flagged</source>
            <translation>zur Rückfrage vormerken</translation>
        </message>
        <message>
            <source>mark in work</source>
            <translation>als in Arbeit kennzeichnen</translation>
        </message>
        <message>
            <source>mark missed defect</source>
            <translation>übersehenen Fehler markieren</translation>
        </message>
        <message>
            <source>mark the rest healthy</source>
            <translation>Rest als fehlerfrei kennzeichnen</translation>
        </message>
        <message>
            <source>mark the rest unknown</source>
            <translation>Rest als unbekannt kennzeichnen</translation>
        </message>
        <message>
            <source>mark to do</source>
            <translation>als offen kennzeichnen</translation>
        </message>
        <message>
            <source>merge {0} into {1}</source>
            <translation>{0} mit {1} zusammenführen</translation>
        </message>
        <message>
            <source>move in the book</source>
            <translation>im Buch umordnen</translation>
        </message>
        <message>
            <source>move region</source>
            <translation>Region verschieben</translation>
        </message>
        <message>
            <source>move to split {0}</source>
            <translation>in Teil {0} verschieben</translation>
        </message>
        <message>
            <source>move {0} in the queue</source>
            <translation>{0} in den Vorschlägen verschieben</translation>
        </message>
        <message>
            <source>not sure of detection</source>
            <translation>beim Fund unsicher</translation>
        </message>
        <message>
            <source>not sure of detections: {0}</source>
            <translation>bei Funden unsicher: {0}</translation>
        </message>
        <message>
            <source>note on run {0}</source>
            <translation>Notiz zu Lauf {0}</translation>
        </message>
        <message>
            <source>paint {0}</source>
            <translation>{0} malen</translation>
        </message>
        <message>
            <source>part is good</source>
            <translation>Teil ist gut</translation>
        </message>
        <message>
            <source>pin {0}</source>
            <translation>{0} anheften</translation>
        </message>
        <message>
            <source>propose entries of the book: {0}</source>
            <translation>Einträge für das Buch vorschlagen: {0}</translation>
        </message>
        <message>
            <source>redo {0}</source>
            <translation>wiederherstellen: {0}</translation>
        </message>
        <message>
            <source>reject detection</source>
            <translation>Fund verwerfen</translation>
        </message>
        <message>
            <source>reject detections: {0}</source>
            <translation>Funde verwerfen: {0}</translation>
        </message>
        <message>
            <source>reject run {0}</source>
            <translation>Lauf {0} ablehnen</translation>
        </message>
        <message>
            <source>remove from the book</source>
            <translation>aus dem Buch nehmen</translation>
        </message>
        <message>
            <source>remove note</source>
            <translation>Notiz entfernen</translation>
        </message>
        <message>
            <source>rename class {0} to {1}</source>
            <translation>Klasse {0} in {1} umbenennen</translation>
        </message>
        <message>
            <source>rename run {0} to {1}</source>
            <translation>Lauf {0} in {1} umbenennen</translation>
        </message>
        <message>
            <source>restore run {0}</source>
            <translation>Lauf {0} zurückholen</translation>
        </message>
        <message>
            <source>restore the maps of {0}</source>
            <translation>Masken wiederherstellen: {0}</translation>
        </message>
        <message>
            <source>second look</source>
            <translation>zweiter Blick</translation>
        </message>
        <message>
            <source>settle a second look</source>
            <translation>zweiten Blick entscheiden</translation>
        </message>
        <message>
            <source>shrink region</source>
            <translation>Region verkleinern</translation>
        </message>
        <message>
            <source>skip {0} for ever</source>
            <translation>{0} für immer übergehen</translation>
        </message>
        <message>
            <source>skip {0} for now</source>
            <translation>{0} vorerst übergehen</translation>
        </message>
        <message>
            <source>smooth region</source>
            <translation>Region glätten</translation>
        </message>
        <message>
            <source>star run {0}</source>
            <translation>Lauf {0} mit Stern versehen</translation>
        </message>
        <message>
            <source>star {0} runs</source>
            <translation>{0} Läufe mit Stern versehen</translation>
        </message>
        <message>
            <source>start refining from {0}</source>
            <translation>Verfeinern beginnen mit {0}</translation>
        </message>
        <message>
            <source>tag defective</source>
            <translation>als defekt bewerten</translation>
        </message>
        <message>
            <source>tag good</source>
            <translation>als gut bewerten</translation>
        </message>
        <message>
            <source>tag unlabelled</source>
            <translation>Bewertung entfernen</translation>
        </message>
        <message>
            <source>third verdict: drawn anew</source>
            <translation>drittes Urteil: neu gezeichnet</translation>
        </message>
        <message>
            <source>third verdict: keep the first</source>
            <translation>drittes Urteil: die erste behalten</translation>
        </message>
        <message>
            <source>third verdict: keep the second</source>
            <translation>drittes Urteil: die zweite behalten</translation>
        </message>
        <message>
            <source>train {0}</source>
            <translation>Training {0}</translation>
        </message>
        <message>
            <source>undo {0}</source>
            <translation>rückgängig: {0}</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>unstar run {0}</source>
            <translation>Stern von Lauf {0} entfernen</translation>
        </message>
        <message>
            <source>unstar {0} runs</source>
            <translation>Stern von {0} Läufen entfernen</translation>
        </message>
        <message>
            <source>{0} images</source>
            <translation>{0} Bilder</translation>
        </message>
    </context>
    <context>
        <name>Handbook</name>
        <message>
            <source>Handbook</source>
            <translation>Handbuch</translation>
        </message>
        <message>
            <source>Page of the handbook</source>
            <translation>Seite des Handbuchs</translation>
        </message>
        <message>
            <source>Pages of the handbook</source>
            <translation>Seiten des Handbuchs</translation>
        </message>
    </context>
    <context>
        <name>HelpWindow</name>
        <message>
            <source>Defect detection from images of parts, offline. Apache License 2.0.</source>
            <translation>Defekterkennung auf Bildern von Teilen, ohne Netz. Apache-Lizenz 2.0.</translation>
        </message>
        <message>
            <source>DefectStudio {0}</source>
            <translation>DefectStudio {0}</translation>
        </message>
    </context>
    <context>
        <name>Histogram</name>
        <message>
            <source>Histogram of the image</source>
            <translation>Histogramm des Bildes</translation>
        </message>
    </context>
    <context>
        <name>History</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Undo back to here…</source>
            <translation>&amp;Bis hierher zurück…</translation>
        </message>
        <message>
            <source>By</source>
            <translation>Von</translation>
        </message>
        <message>
            <source>History of the project</source>
            <translation>Verlauf des Projekts</translation>
        </message>
        <message>
            <source>Image</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Nothing has been done yet. Every step is listed here and saved at once.</source>
            <translation>Noch ist nichts geschehen. Jeder Schritt wird hier aufgeführt und sofort gespeichert.</translation>
        </message>
        <message>
            <source>Show &amp;older steps</source>
            <translation>Ä&amp;ltere Schritte</translation>
        </message>
        <message>
            <source>Step</source>
            <translation>Schritt</translation>
        </message>
        <message>
            <source>Take back every step after the chosen one. Redo brings them back one by one.</source>
            <translation>Nimmt jeden Schritt nach dem gewählten zurück. Wiederherstellen holt sie einzeln wieder.</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>{0}, taken back</source>
            <translation>{0}, zurückgenommen</translation>
        </message>
    </context>
    <context>
        <name>HistoryDesk</name>
        <message>
            <source>&amp;Undo them</source>
            <translation>&amp;Zurücknehmen</translation>
        </message>
        <message>
            <source>Nothing is erased: Redo brings the steps back one by one.</source>
            <translation>Nichts geht verloren: Wiederherstellen holt die Schritte einzeln zurück.</translation>
        </message>
        <message numerus="yes">
            <source>Take back the %Ln step(s) after this one?</source>
            <translation>
                <numerusform>Den %Ln Schritt nach diesem zurücknehmen?</numerusform>
                <numerusform>Die %Ln Schritte nach diesem zurücknehmen?</numerusform>
            </translation>
        </message>
        <message>
            <source>Undo back to here</source>
            <translation>Bis hierher zurücknehmen</translation>
        </message>
    </context>
    <context>
        <name>ImageSection</name>
        <message>
            <source>Complete: every pixel is known.</source>
            <translation>Vollständig: Jedes Pixel ist bekannt.</translation>
        </message>
        <message>
            <source>How far the work on this image has come</source>
            <translation>Bearbeitungsstand dieses Bildes</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Wird geprüft…</translation>
        </message>
        <message>
            <source>Make it unknown</source>
            <translation>Auf unbekannt</translation>
        </message>
        <message>
            <source>No image is chosen.</source>
            <translation>Kein Bild ist gewählt.</translation>
        </message>
        <message>
            <source>Nothing is drawn yet. G says it is good; paint to mark a defect.</source>
            <translation>Noch nichts gezeichnet. G bewertet es als gut; malen Sie, um einen Defekt zu markieren.</translation>
        </message>
        <message>
            <source>Tagged good: all of it is healthy.</source>
            <translation>Als gut bewertet: alles ist fehlerfrei.</translation>
        </message>
        <message>
            <source>The rest is healthy</source>
            <translation>Der Rest ist fehlerfrei</translation>
        </message>
        <message>
            <source>This image</source>
            <translation>Dieses Bild</translation>
        </message>
        <message>
            <source>{0} % of the image is unknown.</source>
            <translation>{0} % des Bildes sind unbekannt.</translation>
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message>
            <source>&amp;Browse…</source>
            <translation>&amp;Durchsuchen…</translation>
        </message>
        <message>
            <source>&amp;Folder</source>
            <translation>&amp;Ordner</translation>
        </message>
        <message>
            <source>&amp;Hold back for testing</source>
            <translation>Für &amp;Test zurückhalten</translation>
        </message>
        <message>
            <source>&amp;Import</source>
            <translation>&amp;Importieren</translation>
        </message>
        <message numerus="yes">
            <source>&amp;Import %Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild &amp;importieren</numerusform>
                <numerusform>%Ln Bilder &amp;importieren</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Layout</source>
            <translation>&amp;Aufbau</translation>
        </message>
        <message>
            <source>&amp;Preview</source>
            <translation>&amp;Vorschau</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Choose a folder and press Preview. Nothing is written before you have seen what would be imported, and the folder itself is never changed.</source>
            <translation>Wählen Sie einen Ordner und drücken Sie Vorschau. Nichts wird geschrieben, bevor Sie gesehen haben, was importiert würde, und der Ordner selbst wird nie verändert.</translation>
        </message>
        <message>
            <source>Find out by looking</source>
            <translation>Selbst erkennen</translation>
        </message>
        <message>
            <source>Folder to import</source>
            <translation>Zu importierender Ordner</translation>
        </message>
        <message>
            <source>Folder with images</source>
            <translation>Ordner mit Bildern</translation>
        </message>
        <message>
            <source>I&amp;dentical images</source>
            <translation>&amp;Gleiche Bilder</translation>
        </message>
        <message>
            <source>Import images</source>
            <translation>Bilder importieren</translation>
        </message>
        <message>
            <source>Import only one of each</source>
            <translation>Je nur eines importieren</translation>
        </message>
        <message>
            <source>Keep them as they are</source>
            <translation>Belassen, wie sie sind</translation>
        </message>
        <message>
            <source>Keep them in the same split</source>
            <translation>Im selben Teil halten</translation>
        </message>
        <message>
            <source>Layout of the folder</source>
            <translation>Aufbau des Ordners</translation>
        </message>
        <message>
            <source>Name a folder above.</source>
            <translation>Nennen Sie oben einen Ordner.</translation>
        </message>
        <message>
            <source>No folder is chosen.</source>
            <translation>Kein Ordner ist gewählt.</translation>
        </message>
        <message>
            <source>Part of the images to hold back for testing</source>
            <translation>Anteil der Bilder, der für den Test zurückgehalten wird</translation>
        </message>
        <message>
            <source>Progress of the import</source>
            <translation>Fortschritt des Imports</translation>
        </message>
        <message>
            <source>Reading the folder</source>
            <translation>Ordner wird gelesen</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>Wird angehalten…</translation>
        </message>
        <message>
            <source>What the folder holds</source>
            <translation>Inhalt des Ordners</translation>
        </message>
        <message>
            <source>What to do with identical images</source>
            <translation>Umgang mit gleichen Bildern</translation>
        </message>
    </context>
    <context>
        <name>ImportReport</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>Klassen</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>Nothing unusual was found.</source>
            <translation>Nichts Auffälliges gefunden.</translation>
        </message>
        <message>
            <source>Split</source>
            <translation>Teil</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>{0} cannot be read</source>
            <translation>{0} nicht lesbar</translation>
        </message>
        <message>
            <source>{0} with a mask</source>
            <translation>{0} mit Maske</translation>
        </message>
        <message numerus="yes">
            <source>… and %Ln more.</source>
            <translation>
                <numerusform>… und %Ln weiterer.</numerusform>
                <numerusform>… und %Ln weitere.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>JobBar</name>
        <message>
            <source>Stopping…</source>
            <translation>Wird angehalten…</translation>
        </message>
    </context>
    <context>
        <name>JudgeDesk</name>
        <message>
            <source>Drag a box round the missed defect. Esc leaves.</source>
            <translation>Rahmen um den übersehenen Fehler ziehen. Esc bricht ab.</translation>
        </message>
        <message>
            <source>Every detection is judged.
Train on the verdicts, or look through further images.</source>
            <translation>Jeder Fund ist beurteilt.
Mit den Urteilen trainieren oder weitere Bilder durchsehen.</translation>
        </message>
        <message>
            <source>No detection waits.
Approve a run and let it look through new images, in the panel at the right.</source>
            <translation>Kein Fund wartet.
Im Feld rechts einen Lauf freigeben und neue Bilder durchsehen lassen.</translation>
        </message>
        <message>
            <source>Which class? A number, or Enter for {0}; Esc leaves.</source>
            <translation>Welche Klasse? Eine Zahl, oder Eingabe für {0}; Esc bricht ab.</translation>
        </message>
    </context>
    <context>
        <name>LevelsForm</name>
        <message>
            <source>Black</source>
            <translation>Schwarz</translation>
        </message>
        <message>
            <source>Black point</source>
            <translation>Schwarzpunkt</translation>
        </message>
        <message>
            <source>Changes the display only, never what a detector sees.</source>
            <translation>Ändert nur die Anzeige, nie was ein Detektor sieht.</translation>
        </message>
        <message>
            <source>Gamma</source>
            <translation>Gamma</translation>
        </message>
        <message>
            <source>White</source>
            <translation>Weiß</translation>
        </message>
        <message>
            <source>White point</source>
            <translation>Weißpunkt</translation>
        </message>
    </context>
    <context>
        <name>LinkedViewers</name>
        <message>
            <source>Second viewer: the image alone</source>
            <translation>Zweite Ansicht: nur das Bild</translation>
        </message>
    </context>
    <context>
        <name>LogPanel</name>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Messages and unexpected errors are listed here. Nothing so far.</source>
            <translation>Hier stehen Meldungen und unerwartete Fehler. Bisher keine.</translation>
        </message>
    </context>
    <context>
        <name>LookDesk</name>
        <message numerus="yes">
            <source>%Ln answer(s) differ from before</source>
            <translation>
                <numerusform>%Ln Antwort ist anders als zuvor</numerusform>
                <numerusform>%Ln Antworten sind anders als zuvor</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln second look(s) done</source>
            <translation>
                <numerusform>%Ln zweiter Blick getan</numerusform>
                <numerusform>%Ln zweite Blicke getan</numerusform>
            </translation>
        </message>
        <message>
            <source>About one tag in twenty is asked again, once some others were given since.</source>
            <translation>Etwa jede zwanzigste Bewertung wird noch einmal gefragt, sobald seither einige andere vergeben wurden.</translation>
        </message>
        <message>
            <source>No second look is due.</source>
            <translation>Kein zweiter Blick steht an.</translation>
        </message>
        <message>
            <source>Second looks are switched off.</source>
            <translation>Zweite Blicke sind ausgeschaltet.</translation>
        </message>
        <message>
            <source>The settings switch them on.</source>
            <translation>Die Einstellungen schalten sie ein.</translation>
        </message>
        <message>
            <source>You said the same as before each time.</source>
            <translation>Sie haben jedes Mal dasselbe gesagt wie zuvor.</translation>
        </message>
        <message>
            <source>{0}. The first ones stand until a third settles it: see the agreement.</source>
            <translation>{0}. Die ersten gelten, bis eine dritte entscheidet: siehe Übereinstimmung.</translation>
        </message>
    </context>
    <context>
        <name>LookPage</name>
        <message numerus="yes">
            <source>%Ln image(s) left. What was said of them before is not shown.</source>
            <translation>
                <numerusform>Noch %Ln Bild. Was zuvor dazu gesagt wurde, wird nicht gezeigt.</numerusform>
                <numerusform>Noch %Ln Bilder. Was zuvor dazu gesagt wurde, wird nicht gezeigt.</numerusform>
            </translation>
        </message>
        <message>
            <source>Back to the image</source>
            <translation>Zurück zum Bild</translation>
        </message>
        <message>
            <source>Defective</source>
            <translation>Fehlerhaft</translation>
        </message>
        <message>
            <source>Good</source>
            <translation>Gut</translation>
        </message>
        <message>
            <source>Is this part good or defective?</source>
            <translation>Ist dieses Teil gut oder fehlerhaft?</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Second look</source>
            <translation>Zweiter Blick</translation>
        </message>
        <message>
            <source>The image that is asked again</source>
            <translation>Das Bild, nach dem noch einmal gefragt wird</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source> (reading only)</source>
            <translation> (nur lesend)</translation>
        </message>
        <message>
            <source>Everything is saved: each step is on disk as soon as it is done.</source>
            <translation>Alles ist gespeichert: Jeder Schritt liegt sofort auf der Festplatte.</translation>
        </message>
        <message>
            <source>No unlabelled image {0} this one.</source>
            <translation>Kein unbewertetes Bild {0} diesem.</translation>
        </message>
        <message>
            <source>Show results</source>
            <translation>Ergebnisse zeigen</translation>
        </message>
        <message>
            <source>Stopping the training at its next step; it can go on when the project is opened again…</source>
            <translation>Das Training hält beim nächsten Schritt an; es lässt sich fortsetzen, wenn das Projekt wieder geöffnet wird…</translation>
        </message>
        <message>
            <source>Stopping what is under way; the window closes in a moment…</source>
            <translation>Laufendes wird angehalten; das Fenster schließt sich gleich…</translation>
        </message>
        <message>
            <source>The run {0} is ready.</source>
            <translation>Der Lauf {0} ist fertig.</translation>
        </message>
        <message>
            <source>This image cannot be shown.</source>
            <translation>Dieses Bild kann nicht gezeigt werden.</translation>
        </message>
        <message>
            <source>This project has no images yet.
Import a folder with Ctrl+I.</source>
            <translation>Dieses Projekt hat noch keine Bilder.
Importieren Sie einen Ordner mit Strg+I.</translation>
        </message>
        <message>
            <source>after</source>
            <translation>nach</translation>
        </message>
        <message>
            <source>before</source>
            <translation>vor</translation>
        </message>
        <message>
            <source>{0} images are imported.</source>
            <translation>{0} Bilder sind importiert.</translation>
        </message>
        <message>
            <source>{0} were there already.</source>
            <translation>{0} waren schon da.</translation>
        </message>
    </context>
    <context>
        <name>Map</name>
        <message>
            <source>Defect class</source>
            <translation>Defektklasse</translation>
        </message>
        <message>
            <source>Score of the run</source>
            <translation>Score des Laufs</translation>
        </message>
        <message>
            <source>Segmented or not</source>
            <translation>Segmentiert oder nicht</translation>
        </message>
        <message>
            <source>Split</source>
            <translation>Teil</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Bewertung</translation>
        </message>
        <message>
            <source>no class</source>
            <translation>ohne Klasse</translation>
        </message>
        <message>
            <source>no score</source>
            <translation>ohne Score</translation>
        </message>
        <message>
            <source>not segmented</source>
            <translation>nicht segmentiert</translation>
        </message>
        <message>
            <source>segmented</source>
            <translation>segmentiert</translation>
        </message>
    </context>
    <context>
        <name>MapCanvas</name>
        <message>
            <source>Map of the data</source>
            <translation>Karte der Daten</translation>
        </message>
    </context>
    <context>
        <name>MapDesk</name>
        <message>
            <source>Laying out the map…</source>
            <translation>Karte wird angelegt…</translation>
        </message>
        <message>
            <source>The map was stopped before it was laid out.</source>
            <translation>Die Karte wurde angehalten, bevor sie fertig war.</translation>
        </message>
    </context>
    <context>
        <name>MapLegend</name>
        <message>
            <source>Legend of the map</source>
            <translation>Legende der Karte</translation>
        </message>
        <message>
            <source>cross</source>
            <translation>Kreuz</translation>
        </message>
        <message>
            <source>disc</source>
            <translation>Scheibe</translation>
        </message>
        <message>
            <source>triangle</source>
            <translation>Dreieck</translation>
        </message>
        <message>
            <source>{0}: {1}</source>
            <translation>{0}: {1}</translation>
        </message>
    </context>
    <context>
        <name>MapView</name>
        <message numerus="yes">
            <source>%Ln chosen in the list</source>
            <translation>
                <numerusform>%Ln in der Liste ausgewählt</numerusform>
                <numerusform>%Ln in der Liste ausgewählt</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message>
            <source>Back to the image (Esc)</source>
            <translation>Zurück zum Bild (Esc)</translation>
        </message>
        <message>
            <source>Drag a line around points to choose them; Shift and drag moves; double click opens.</source>
            <translation>Eine Linie um Punkte ziehen wählt sie aus; Umschalt und Ziehen verschiebt; Doppelklick öffnet.</translation>
        </message>
        <message>
            <source>How the images are laid out</source>
            <translation>Wie die Bilder angeordnet sind</translation>
        </message>
        <message>
            <source>Lay out the map</source>
            <translation>Karte anlegen</translation>
        </message>
        <message>
            <source>Main directions (PCA)</source>
            <translation>Hauptrichtungen (PCA)</translation>
        </message>
        <message>
            <source>Map of the data</source>
            <translation>Karte der Daten</translation>
        </message>
        <message>
            <source>Neighbourhoods (t-SNE)</source>
            <translation>Nachbarschaften (t-SNE)</translation>
        </message>
        <message>
            <source>Progress of the map</source>
            <translation>Fortschritt der Karte</translation>
        </message>
        <message>
            <source>Show all points (Home)</source>
            <translation>Alle Punkte zeigen (Pos1)</translation>
        </message>
        <message>
            <source>Stop laying out the map</source>
            <translation>Anlegen der Karte anhalten</translation>
        </message>
        <message>
            <source>What the points are coloured by</source>
            <translation>Wonach die Punkte gefärbt sind</translation>
        </message>
    </context>
    <context>
        <name>Mentor</name>
        <message numerus="yes">
            <source>%Ln decision(s)</source>
            <translation>
                <numerusform>%Ln Urteil</numerusform>
                <numerusform>%Ln Urteile</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s)</source>
            <translation>
                <numerusform>%Ln Datei</numerusform>
                <numerusform>%Ln Dateien</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln more until the next training</source>
            <translation>
                <numerusform>noch %Ln bis zum nächsten Training</numerusform>
                <numerusform>noch %Ln bis zum nächsten Training</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln waiting</source>
            <translation>
                <numerusform>%Ln wartet</numerusform>
                <numerusform>%Ln warten</numerusform>
            </translation>
        </message>
        <message>
            <source>Both at the thresholds of the deployed run.</source>
            <translation>Beide mit den Schwellen des eingesetzten Laufs.</translation>
        </message>
        <message>
            <source>Boxes of its detector count from {0}.</source>
            <translation>Boxen seines Detektors zählen ab {0}.</translation>
        </message>
        <message>
            <source>Confirmed</source>
            <translation>Bestätigt</translation>
        </message>
        <message>
            <source>Detections count from {0} ({1}).</source>
            <translation>Funde zählen ab {0} ({1}).</translation>
        </message>
        <message>
            <source>Detector of boxes</source>
            <translation>Boxen-Detektor</translation>
        </message>
        <message>
            <source>Each at its own thresholds; the candidate's: {0}.</source>
            <translation>Jeder mit eigenen Schwellen; die des Kandidaten: {0}.</translation>
        </message>
        <message>
            <source>FP in 100 good images</source>
            <translation>Fehlalarme je 100 gute</translation>
        </message>
        <message>
            <source>Heat map</source>
            <translation>Heatmap</translation>
        </message>
        <message>
            <source>Heat maps are cut at {0}.</source>
            <translation>Heatmaps werden geschnitten bei {0}.</translation>
        </message>
        <message>
            <source>It has lost on old images ({0}).</source>
            <translation>Auf alten Bildern hat er verloren ({0}).</translation>
        </message>
        <message>
            <source>Missed defect</source>
            <translation>Übersehener Fehler</translation>
        </message>
        <message>
            <source>Not sure</source>
            <translation>Unsicher</translation>
        </message>
        <message>
            <source>Only the detector of boxes has learnt.</source>
            <translation>Nur der Boxen-Detektor hat gelernt.</translation>
        </message>
        <message>
            <source>Other class</source>
            <translation>Andere Klasse</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>Genauigkeit</translation>
        </message>
        <message>
            <source>Recall</source>
            <translation>Trefferquote</translation>
        </message>
        <message>
            <source>Rejected</source>
            <translation>Verworfen</translation>
        </message>
        <message>
            <source>Some of these images also set them.</source>
            <translation>An einigen dieser Bilder wurden sie auch angepasst.</translation>
        </message>
        <message>
            <source>There are too few labels on new images to measure what the candidate gains.</source>
            <translation>Auf neuen Bildern gibt es zu wenige Label, um den Gewinn des Kandidaten zu messen.</translation>
        </message>
        <message>
            <source>What it knew of old images is kept ({0}).</source>
            <translation>Was er von alten Bildern wusste, ist erhalten ({0}).</translation>
        </message>
        <message>
            <source>You drew this one: Enter confirms what is drawn.</source>
            <translation>Dieser ist von Hand gezeichnet: Eingabe bestätigt das Gezeichnete.</translation>
        </message>
        <message>
            <source>as of the run that it came from</source>
            <translation>wie beim Lauf, aus dem er hervorging</translation>
        </message>
        <message>
            <source>class {0}</source>
            <translation>Klasse {0}</translation>
        </message>
        <message>
            <source>enough for the next training</source>
            <translation>genug für das nächste Training</translation>
        </message>
        <message>
            <source>fitted by fold models on images that they did not see</source>
            <translation>angepasst mit Faltenmodellen an Bildern, die diese nicht gesehen haben</translation>
        </message>
        <message>
            <source>fitted on images that did not train it</source>
            <translation>angepasst an Bildern, mit denen er nicht trainiert wurde</translation>
        </message>
        <message>
            <source>fitted on validation images</source>
            <translation>angepasst an Validierungsbildern</translation>
        </message>
        <message>
            <source>mAP at IoU 0.5</source>
            <translation>mAP bei IoU 0,5</translation>
        </message>
        <message>
            <source>mAP on new images: {0}.</source>
            <translation>mAP auf neuen Bildern: {0}.</translation>
        </message>
        <message>
            <source>not fitted</source>
            <translation>nicht angepasst</translation>
        </message>
        <message>
            <source>{0} s each</source>
            <translation>je {0} s</translation>
        </message>
    </context>
    <context>
        <name>MentorDesk</name>
        <message>
            <source>Before and after</source>
            <translation>Vorher und nachher</translation>
        </message>
        <message>
            <source>Draw the defect, then come back to Mentor: Enter confirms what is drawn.</source>
            <translation>Den Fehler zeichnen und zu Mentor zurückkehren: Eingabe bestätigt das Gezeichnete.</translation>
        </message>
        <message>
            <source>The candidate is trained.</source>
            <translation>Der Kandidat ist trainiert.</translation>
        </message>
    </context>
    <context>
        <name>MentorPage</name>
        <message>
            <source>Back to the image</source>
            <translation>Zurück zum Bild</translation>
        </message>
        <message>
            <source>Mentor</source>
            <translation>Mentor</translation>
        </message>
    </context>
    <context>
        <name>MentorPanel</name>
        <message>
            <source>New images</source>
            <translation>Neue Bilder</translation>
        </message>
        <message>
            <source>Pages of the Mentor panel</source>
            <translation>Seiten des Mentor-Felds</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>Training</translation>
        </message>
    </context>
    <context>
        <name>MentorQueue</name>
        <message>
            <source>Decisions towards the next training</source>
            <translation>Urteile bis zum nächsten Training</translation>
        </message>
        <message>
            <source>Judge them</source>
            <translation>Beurteilen</translation>
        </message>
        <message>
            <source>Queue of detections</source>
            <translation>Warteschlange der Funde</translation>
        </message>
    </context>
    <context>
        <name>MentorTrainDesk</name>
        <message>
            <source>Candidate {0}, trained from {1}</source>
            <translation>Kandidat {0}, trainiert aus {1}</translation>
        </message>
        <message>
            <source>It finds nothing that nobody judged.</source>
            <translation>Er findet nichts, was nicht schon beurteilt ist.</translation>
        </message>
        <message>
            <source>No candidate waits for a decision.</source>
            <translation>Kein Kandidat wartet auf eine Entscheidung.</translation>
        </message>
        <message>
            <source>The candidate agrees with every verdict.</source>
            <translation>Der Kandidat stimmt mit jedem Urteil überein.</translation>
        </message>
        <message>
            <source>Training on the verdicts…</source>
            <translation>Training mit den Urteilen…</translation>
        </message>
        <message>
            <source>training on verdicts</source>
            <translation>Training mit Urteilen</translation>
        </message>
        <message>
            <source>{0} is rejected; the deployed run stays.</source>
            <translation>{0} ist abgelehnt; der eingesetzte Lauf bleibt.</translation>
        </message>
        <message>
            <source>{0} waits for a decision.</source>
            <translation>{0} wartet auf eine Entscheidung.</translation>
        </message>
    </context>
    <context>
        <name>MentorTraining</name>
        <message>
            <source>As many new images as old ones</source>
            <translation>So viele neue Bilder wie alte</translation>
        </message>
        <message>
            <source>Before and after</source>
            <translation>Vorher und nachher</translation>
        </message>
        <message>
            <source>Candidate</source>
            <translation>Kandidat</translation>
        </message>
        <message>
            <source>DANN: a part that tells the domains apart is trained against, by reversing its gradient.</source>
            <translation>DANN: Gegen einen Teil, der die Domänen unterscheidet, wird mit umgekehrtem Gradienten trainiert.</translation>
        </message>
        <message>
            <source>Distillation: where nobody said anything, the candidate learns what the deployed run says.</source>
            <translation>Destillation: Wo niemand etwas gesagt hat, lernt der Kandidat, was der eingesetzte Lauf sagt.</translation>
        </message>
        <message>
            <source>Each batch holds as many mentored images as original ones, so that neither side is drowned.</source>
            <translation>Jede Gruppe enthält so viele beurteilte wie ursprüngliche Bilder, damit keine Seite untergeht.</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <source>Good parts are healthy everywhere</source>
            <translation>Gute Teile sind überall fehlerfrei</translation>
        </message>
        <message>
            <source>Healthy knowledge: every area of an image that was called good counts as healthy.</source>
            <translation>Wissen über Fehlerfreies: Jede Stelle eines als gut bewerteten Bilds gilt als fehlerfrei.</translation>
        </message>
        <message>
            <source>Keep to the deployed run elsewhere</source>
            <translation>Sonst beim eingesetzten Lauf bleiben</translation>
        </message>
        <message>
            <source>Limit</source>
            <translation>Grenze</translation>
        </message>
        <message>
            <source>Make old and new look alike</source>
            <translation>Alt und Neu angleichen</translation>
        </message>
        <message>
            <source>No candidate waits for a decision.</source>
            <translation>Kein Kandidat wartet auf eine Entscheidung.</translation>
        </message>
        <message>
            <source>OMNIA-like: areas that the deployed run gives less than the limit count as healthy in training; no label is written.</source>
            <translation>OMNIA-artig: Stellen, denen der eingesetzte Lauf weniger als die Grenze gibt, gelten im Training als fehlerfrei; es wird kein Label geschrieben.</translation>
        </message>
        <message>
            <source>Progress of the training on verdicts</source>
            <translation>Fortschritt des Trainings mit Urteilen</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Start from the deployed run</source>
            <translation>Vom eingesetzten Lauf ausgehen</translation>
        </message>
        <message>
            <source>Stop the training on verdicts</source>
            <translation>Training mit Urteilen anhalten</translation>
        </message>
        <message>
            <source>Takes minutes instead of seconds, and learns more. The run's detector of boxes has to be trained anew.</source>
            <translation>Dauert Minuten statt Sekunden und lernt mehr. Der Boxen-Detektor des Laufs muss neu trainiert werden.</translation>
        </message>
        <message>
            <source>The detector of boxes learns by itself; all else of the deployed run stays.</source>
            <translation>Der Boxen-Detektor lernt allein; alles andere am eingesetzten Lauf bleibt.</translation>
        </message>
        <message>
            <source>The encoder learns too</source>
            <translation>Auch der Encoder lernt</translation>
        </message>
        <message>
            <source>Train by itself when enough is decided</source>
            <translation>Von selbst trainieren, wenn genug beurteilt ist</translation>
        </message>
        <message>
            <source>Training on the verdicts</source>
            <translation>Training mit den Urteilen</translation>
        </message>
        <message>
            <source>Transfer: the candidate begins with the weights of the deployed run.</source>
            <translation>Übertragung: Der Kandidat beginnt mit den Gewichten des eingesetzten Laufs.</translation>
        </message>
        <message>
            <source>What hardly looks like a defect is healthy</source>
            <translation>Was kaum nach Fehler aussieht, ist fehlerfrei</translation>
        </message>
        <message>
            <source>What learns</source>
            <translation>Es lernt</translation>
        </message>
    </context>
    <context>
        <name>MineDesk</name>
        <message numerus="yes">
            <source>%Ln beyond the limit</source>
            <translation>
                <numerusform>%Ln über der Grenze</numerusform>
                <numerusform>%Ln über der Grenze</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln detection(s)</source>
            <translation>
                <numerusform>%Ln Fund</numerusform>
                <numerusform>%Ln Funde</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) still being written.</source>
            <translation>
                <numerusform>%Ln Datei wird noch geschrieben.</numerusform>
                <numerusform>%Ln Dateien werden noch geschrieben.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln seen before in the same picture</source>
            <translation>
                <numerusform>%Ln schon im selben Bild gesehen</numerusform>
                <numerusform>%Ln schon im selben Bild gesehen</numerusform>
            </translation>
        </message>
        <message>
            <source>Looking through the images…</source>
            <translation>Bilder werden durchgesehen…</translation>
        </message>
        <message>
            <source>The folder is no longer watched.</source>
            <translation>Der Ordner wird nicht mehr beobachtet.</translation>
        </message>
        <message>
            <source>Watching the folder…</source>
            <translation>Der Ordner wird beobachtet…</translation>
        </message>
        <message numerus="yes">
            <source>Watching: %Ln image(s) looked through so far.</source>
            <translation>
                <numerusform>Wird beobachtet: bisher %Ln Bild durchgesehen.</numerusform>
                <numerusform>Wird beobachtet: bisher %Ln Bilder durchgesehen.</numerusform>
            </translation>
        </message>
        <message>
            <source>{0} in {1}</source>
            <translation>{0} in {1}</translation>
        </message>
        <message>
            <source>{0}, approved by {1} on {2}</source>
            <translation>{0}, freigegeben von {1} am {2}</translation>
        </message>
    </context>
    <context>
        <name>MiniMap</name>
        <message>
            <source>The whole image; click to move there</source>
            <translation>Das ganze Bild; ein Klick führt dorthin</translation>
        </message>
    </context>
    <context>
        <name>MiningPage</name>
        <message>
            <source>A run has a detector of boxes where it was trained with one.</source>
            <translation>Einen Boxen-Detektor hat ein Lauf, wenn er damit trainiert wurde.</translation>
        </message>
        <message>
            <source>Both</source>
            <translation>Beides</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>Durchsuchen…</translation>
        </message>
        <message>
            <source>Confidence near the threshold</source>
            <translation>Sicherheit nahe der Schwelle</translation>
        </message>
        <message>
            <source>Detections from</source>
            <translation>Funde aus</translation>
        </message>
        <message>
            <source>Folder that the line writes into</source>
            <translation>Ordner, in den die Linie schreibt</translation>
        </message>
        <message>
            <source>Folder with new images</source>
            <translation>Ordner mit neuen Bildern</translation>
        </message>
        <message>
            <source>From</source>
            <translation>Aus</translation>
        </message>
        <message>
            <source>Images with a detection</source>
            <translation>Bilder mit einem Fund</translation>
        </message>
        <message>
            <source>In</source>
            <translation>Innerhalb von</translation>
        </message>
        <message>
            <source>Look through</source>
            <translation>Durchsehen</translation>
        </message>
        <message>
            <source>Most detections</source>
            <translation>Höchstens so viele Funde</translation>
        </message>
        <message>
            <source>Near means within</source>
            <translation>Nahe heißt: höchstens</translation>
        </message>
        <message>
            <source>New images</source>
            <translation>Neue Bilder</translation>
        </message>
        <message>
            <source>Of interest</source>
            <translation>Von Interesse</translation>
        </message>
        <message>
            <source>Progress of looking through the images</source>
            <translation>Fortschritt beim Durchsehen der Bilder</translation>
        </message>
        <message>
            <source>Stop looking through the images</source>
            <translation>Durchsehen anhalten</translation>
        </message>
        <message>
            <source>Time that the limit is for</source>
            <translation>Zeitraum, für den die Grenze gilt</translation>
        </message>
        <message>
            <source>Watch</source>
            <translation>Beobachten</translation>
        </message>
        <message>
            <source>a folder</source>
            <translation>einem Ordner</translation>
        </message>
        <message>
            <source>a shift of eight hours</source>
            <translation>einer Schicht von acht Stunden</translation>
        </message>
        <message>
            <source>an hour</source>
            <translation>einer Stunde</translation>
        </message>
        <message>
            <source>no limit</source>
            <translation>unbegrenzt</translation>
        </message>
        <message>
            <source>the split {0}</source>
            <translation>dem Teil {0}</translation>
        </message>
    </context>
    <context>
        <name>MoreSettings</name>
        <message numerus="yes">
            <source>%Ln changed</source>
            <translation>
                <numerusform>%Ln geändert</numerusform>
                <numerusform>%Ln geändert</numerusform>
            </translation>
        </message>
        <message>
            <source>Give height and width together, or leave both automatic.</source>
            <translation>Höhe und Breite zusammen angeben oder beide automatisch lassen.</translation>
        </message>
        <message>
            <source>Height and width must be multiples of {0} for these settings.</source>
            <translation>Höhe und Breite müssen bei diesen Einstellungen Vielfache von {0} sein.</translation>
        </message>
        <message>
            <source>More settings</source>
            <translation>Weitere Einstellungen</translation>
        </message>
        <message>
            <source>Reset to defaults</source>
            <translation>Auf Vorgaben zurücksetzen</translation>
        </message>
    </context>
    <context>
        <name>NotesSection</name>
        <message>
            <source> (at x {0}, y {1})</source>
            <translation> (bei x {0}, y {1})</translation>
        </message>
        <message>
            <source>A question for a colleague? Write it here, or press Shift+N over the spot.</source>
            <translation>Eine Rückfrage? Schreiben Sie sie hier, oder drücken Sie Umschalt+N über der Stelle.</translation>
        </message>
        <message>
            <source>Add a note</source>
            <translation>Notiz hinzufügen</translation>
        </message>
        <message>
            <source>New note</source>
            <translation>Neue Notiz</translation>
        </message>
        <message>
            <source>Note at x {0}, y {1}</source>
            <translation>Notiz bei x {0}, y {1}</translation>
        </message>
        <message>
            <source>Note on the whole image</source>
            <translation>Notiz zum ganzen Bild</translation>
        </message>
        <message>
            <source>Notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <source>Notes on this image; double click to rewrite one</source>
            <translation>Notizen zu diesem Bild; Doppelklick ändert eine</translation>
        </message>
        <message>
            <source>Remove the chosen note</source>
            <translation>Gewählte Notiz entfernen</translation>
        </message>
    </context>
    <context>
        <name>Notice</name>
        <message>
            <source>Close this notice</source>
            <translation>Meldung schließen</translation>
        </message>
    </context>
    <context>
        <name>OverTime</name>
        <message>
            <source>Agreement over time</source>
            <translation>Übereinstimmung im Lauf der Zeit</translation>
        </message>
        <message>
            <source>equal answers</source>
            <translation>gleiche Antworten</translation>
        </message>
        <message>
            <source>kappa</source>
            <translation>Kappa</translation>
        </message>
        <message>
            <source>part</source>
            <translation>Teil</translation>
        </message>
    </context>
    <context>
        <name>Palette</name>
        <message>
            <source>Command to find</source>
            <translation>Gesuchter Befehl</translation>
        </message>
        <message>
            <source>Commands</source>
            <translation>Befehle</translation>
        </message>
        <message>
            <source>Find a command</source>
            <translation>Befehl suchen</translation>
        </message>
        <message>
            <source>Type a command</source>
            <translation>Befehl eingeben</translation>
        </message>
    </context>
    <context>
        <name>PanelGrid</name>
        <message>
            <source>Anchor</source>
            <translation>Anker</translation>
        </message>
        <message>
            <source>Label of the anchor</source>
            <translation>Markierung des Ankers</translation>
        </message>
        <message>
            <source>Label of the anchor: correct it here where it is wrong (A: the next one)</source>
            <translation>Markierung des Ankers: hier berichtigen, wo sie falsch ist (A: die nächste)</translation>
        </message>
        <message>
            <source>Other label, most alike</source>
            <translation>Anders markiert, am ähnlichsten</translation>
        </message>
        <message>
            <source>Same label, least alike</source>
            <translation>Gleich markiert, am unähnlichsten</translation>
        </message>
        <message>
            <source>Which of these show the same thing?</source>
            <translation>Welche davon zeigen das Gleiche?</translation>
        </message>
    </context>
    <context>
        <name>PastShow</name>
        <message>
            <source>The answer</source>
            <translation>Die Antwort</translation>
        </message>
        <message>
            <source>The image then</source>
            <translation>Das Bild damals</translation>
        </message>
        <message>
            <source>The project then</source>
            <translation>Das Projekt damals</translation>
        </message>
        <message>
            <source>The verdict</source>
            <translation>Das Urteil</translation>
        </message>
        <message>
            <source>There is no image yet.</source>
            <translation>Es gibt noch kein Bild.</translation>
        </message>
        <message>
            <source>This image cannot be shown.</source>
            <translation>Dieses Bild kann nicht gezeigt werden.</translation>
        </message>
    </context>
    <context>
        <name>PatchTile</name>
        <message>
            <source>Anchor</source>
            <translation>Anker</translation>
        </message>
        <message>
            <source>No patch</source>
            <translation>Kein Ausschnitt</translation>
        </message>
        <message>
            <source>Patch {0}</source>
            <translation>Ausschnitt {0}</translation>
        </message>
        <message>
            <source>centre moved</source>
            <translation>Mitte verschoben</translation>
        </message>
        <message>
            <source>ticked</source>
            <translation>angehakt</translation>
        </message>
    </context>
    <context>
        <name>Phase</name>
        <message>
            <source>Comparing the written networks with the trained one</source>
            <translation>Geschriebene Netze werden mit dem trainierten verglichen</translation>
        </message>
        <message>
            <source>Comparing with the deployed run</source>
            <translation>Vergleich mit dem eingesetzten Lauf</translation>
        </message>
        <message>
            <source>Computing features of the images</source>
            <translation>Merkmale der Bilder berechnen</translation>
        </message>
        <message>
            <source>Computing figures</source>
            <translation>Kennzahlen berechnen</translation>
        </message>
        <message>
            <source>Fine-tuning the network</source>
            <translation>Feinabstimmung des Netzes</translation>
        </message>
        <message>
            <source>Fitting the thresholds</source>
            <translation>Schwellen werden angepasst</translation>
        </message>
        <message>
            <source>Looking for detections</source>
            <translation>Funde werden gesucht</translation>
        </message>
        <message>
            <source>Predicting</source>
            <translation>Vorhersagen berechnen</translation>
        </message>
        <message>
            <source>Reading the journal</source>
            <translation>Das Journal wird gelesen</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>Training the heads</source>
            <translation>Training der Köpfe</translation>
        </message>
        <message>
            <source>Writing the network for ONNX Runtime</source>
            <translation>Netz für ONNX Runtime wird geschrieben</translation>
        </message>
        <message>
            <source>Writing the network for OpenVINO</source>
            <translation>Netz für OpenVINO wird geschrieben</translation>
        </message>
        <message>
            <source>{0}, epoch {1} of {2}</source>
            <translation>{0}, Epoche {1} von {2}</translation>
        </message>
    </context>
    <context>
        <name>Polygon</name>
        <message>
            <source>Click the corners; Enter or a double click closes the shape. Backspace takes a corner back.</source>
            <translation>Klicken Sie die Ecken; Eingabe oder Doppelklick schließt die Form. Rücktaste nimmt eine Ecke zurück.</translation>
        </message>
    </context>
    <context>
        <name>Presets</name>
        <message>
            <source>As delivered</source>
            <translation>Wie ausgeliefert</translation>
        </message>
    </context>
    <context>
        <name>Problems</name>
        <message>
            <source>Could not be read: {0}</source>
            <translation>Nicht lesbar: {0}</translation>
        </message>
        <message>
            <source>Files that could not be read</source>
            <translation>Dateien, die nicht gelesen werden konnten</translation>
        </message>
    </context>
    <context>
        <name>ProjectWindow</name>
        <message>
            <source>A training is running.</source>
            <translation>Ein Training läuft.</translation>
        </message>
        <message>
            <source>It is shown here for reading only; close it there to work here.</source>
            <translation>Es wird hier nur lesend gezeigt; schließen Sie es dort, um hier zu arbeiten.</translation>
        </message>
        <message>
            <source>Name of the new project folder</source>
            <translation>Name des neuen Projektordners</translation>
        </message>
        <message>
            <source>Open a project folder</source>
            <translation>Projektordner öffnen</translation>
        </message>
        <message>
            <source>Stop it first, or wait until it ends.</source>
            <translation>Halten Sie es zuerst an, oder warten Sie auf das Ende.</translation>
        </message>
        <message>
            <source>inspection</source>
            <translation>Prüfung</translation>
        </message>
    </context>
    <context>
        <name>Proposal</name>
        <message>
            <source>Point at a warm area of the heat map.</source>
            <translation>Zeigen Sie auf eine warme Fläche der Heatmap.</translation>
        </message>
        <message>
            <source>Point at a warm area of the heat map; a click accepts it as the current class.</source>
            <translation>Zeigen Sie auf eine warme Fläche der Heatmap; ein Klick übernimmt sie als aktuelle Klasse.</translation>
        </message>
        <message>
            <source>The model sees no defect here.</source>
            <translation>Das Modell sieht hier keinen Defekt.</translation>
        </message>
        <message>
            <source>There is no heat map of this image.</source>
            <translation>Zu diesem Bild gibt es keine Heatmap.</translation>
        </message>
        <message>
            <source>Train a detector first, or choose a run.</source>
            <translation>Trainieren Sie zuerst einen Detektor, oder wählen Sie einen Lauf.</translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message numerus="yes">
            <source>%Ln epoch(s)</source>
            <translation>
                <numerusform>%Ln Epoche</numerusform>
                <numerusform>%Ln Epochen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln Maske</numerusform>
                <numerusform>%Ln Masken</numerusform>
            </translation>
        </message>
        <message>
            <source>Fast</source>
            <translation>Schnell</translation>
        </message>
        <message>
            <source>all masks</source>
            <translation>alle Masken</translation>
        </message>
        <message>
            <source>seed {0}</source>
            <translation>Startwert {0}</translation>
        </message>
        <message>
            <source>tags only</source>
            <translation>nur Bewertungen</translation>
        </message>
        <message>
            <source>with a detector of boxes</source>
            <translation>mit Boxen-Detektor</translation>
        </message>
    </context>
    <context>
        <name>QueueDesk</name>
        <message numerus="yes">
            <source>%Ln image(s) came since and have no score.</source>
            <translation>
                <numerusform>%Ln Bild kam seither dazu und hat keinen Score.</numerusform>
                <numerusform>%Ln Bilder kamen seither dazu und haben keinen Score.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln mask(s) came since.</source>
            <translation>
                <numerusform>%Ln Maske kam seither dazu.</numerusform>
                <numerusform>%Ln Masken kamen seither dazu.</numerusform>
            </translation>
        </message>
        <message>
            <source>All images that wait for a mask are skipped.</source>
            <translation>Alle Bilder, die auf eine Maske warten, werden übergangen.</translation>
        </message>
        <message>
            <source>Every image tagged defective has a mask. Tag more images with X to go on.</source>
            <translation>Jedes als defekt bewertete Bild hat eine Maske. Weitere Bilder mit X bewerten, um fortzufahren.</translation>
        </message>
        <message>
            <source>Labels have changed since these were scored.</source>
            <translation>Seit der Berechnung haben sich Bewertungen oder Masken geändert.</translation>
        </message>
        <message>
            <source>Masks are asked for on images tagged defective, and there is none yet. Tag some with X.</source>
            <translation>Um Masken gebeten wird für als defekt bewertete Bilder; noch gibt es keines. Einige mit X bewerten.</translation>
        </message>
        <message>
            <source>Nothing is scored yet, and this project is open for reading only.</source>
            <translation>Noch ist nichts berechnet, und dieses Projekt ist nur zum Lesen geöffnet.</translation>
        </message>
        <message numerus="yes">
            <source>Nothing is scored yet. Scoring trains %Ln model(s) as set up in the Train panel, each without a part of the images, and asks it about that part.</source>
            <translation>
                <numerusform>Noch ist nichts berechnet. Dazu wird %Ln Modell wie unter Training eingestellt trainiert, ohne einen Teil der Bilder, und zu diesem Teil befragt.</numerusform>
                <numerusform>Noch ist nichts berechnet. Dazu werden %Ln Modelle wie unter Training eingestellt trainiert, jedes ohne einen Teil der Bilder, und zu diesem Teil befragt.</numerusform>
            </translation>
        </message>
        <message>
            <source>Only pinned images have an order of their own: P pins, S skips for now.</source>
            <translation>Nur angeheftete Bilder haben eine eigene Reihenfolge: P heftet an, S übergeht vorerst.</translation>
        </message>
        <message>
            <source>Scoring begins…</source>
            <translation>Berechnung beginnt…</translation>
        </message>
        <message>
            <source>The queue is done: no further image waits for a mask.</source>
            <translation>Alles abgearbeitet: Kein weiteres Bild wartet auf eine Maske.</translation>
        </message>
        <message>
            <source>The queue rests on new scores.</source>
            <translation>Die Vorschläge beruhen auf neuen Scores.</translation>
        </message>
    </context>
    <context>
        <name>QueueList</name>
        <message>
            <source>Hold the queue</source>
            <translation>Warteschlange anhalten</translation>
        </message>
        <message numerus="yes">
            <source>Queue: %Ln training(s)</source>
            <translation>
                <numerusform>Es wartet: %Ln</numerusform>
                <numerusform>Es warten: %Ln</numerusform>
            </translation>
        </message>
        <message>
            <source>Start the queue</source>
            <translation>Warteschlange starten</translation>
        </message>
        <message>
            <source>Take out of the queue (Delete)</source>
            <translation>Aus der Warteschlange nehmen (Entf)</translation>
        </message>
        <message>
            <source>Take the last change of the queue back (Ctrl+Z in the list)</source>
            <translation>Letzte Änderung der Warteschlange zurücknehmen (Strg+Z in der Liste)</translation>
        </message>
        <message>
            <source>They start one after another, each on the labels as they are then.</source>
            <translation>Sie starten nacheinander, jedes mit den Markierungen, wie sie dann sind.</translation>
        </message>
        <message>
            <source>They wait until you start the queue.</source>
            <translation>Sie warten, bis die Warteschlange gestartet wird.</translation>
        </message>
        <message>
            <source>Train this one earlier (Alt+Up)</source>
            <translation>Früher trainieren (Alt+Auf)</translation>
        </message>
        <message>
            <source>Train this one later (Alt+Down)</source>
            <translation>Später trainieren (Alt+Ab)</translation>
        </message>
        <message>
            <source>Trainings that wait for their turn</source>
            <translation>Trainings, die warten, bis sie an der Reihe sind</translation>
        </message>
    </context>
    <context>
        <name>QueuePage</name>
        <message>
            <source> masks</source>
            <translation> Masken</translation>
        </message>
        <message numerus="yes">
            <source>%Ln segmented so far</source>
            <translation>
                <numerusform>%Ln bisher segmentiert</numerusform>
                <numerusform>%Ln bisher segmentiert</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln skipped</source>
            <translation>
                <numerusform>%Ln übergangen</numerusform>
                <numerusform>%Ln übergangen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln waiting</source>
            <translation>
                <numerusform>%Ln wartet</numerusform>
                <numerusform>%Ln warten</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Ask for</source>
            <translation>&amp;Vorschlagen</translation>
        </message>
        <message>
            <source>&amp;Folds to score with</source>
            <translation>&amp;Aufteilungen</translation>
        </message>
        <message>
            <source>At least of each &amp;class</source>
            <translation>Mindestens je &amp;Klasse</translation>
        </message>
        <message>
            <source>Bring a skipped image back</source>
            <translation>Ein übergangenes Bild zurückholen</translation>
        </message>
        <message>
            <source>Bring the folds to one scale</source>
            <translation>Aufteilungen auf eine Skala bringen</translation>
        </message>
        <message>
            <source>Each fold's threshold becomes one half before images are compared.</source>
            <translation>Die Schwelle jeder Aufteilung wird zu einhalb, bevor Bilder verglichen werden.</translation>
        </message>
        <message>
            <source>Each part once (by group)</source>
            <translation>Jedes Teil einmal (nach Gruppe)</translation>
        </message>
        <message>
            <source>Images at &amp;once</source>
            <translation>&amp;Bilder auf einmal</translation>
        </message>
        <message>
            <source>Images to segment next</source>
            <translation>Bilder, die als Nächstes zu segmentieren sind</translation>
        </message>
        <message>
            <source>Map</source>
            <translation>Karte</translation>
        </message>
        <message>
            <source>Models to train; each image is scored by one that never trained on it.</source>
            <translation>So viele Modelle werden trainiert; jedes Bild beurteilt eines, das nie damit trainiert hat.</translation>
        </message>
        <message>
            <source>More about how images are chosen</source>
            <translation>Mehr darüber, wie Bilder ausgewählt werden</translation>
        </message>
        <message>
            <source>Progress of the scoring</source>
            <translation>Fortschritt der Berechnung</translation>
        </message>
        <message>
            <source>Rules</source>
            <translation>Regeln</translation>
        </message>
        <message>
            <source>Score again</source>
            <translation>Neu berechnen</translation>
        </message>
        <message>
            <source>Score again e&amp;very</source>
            <translation>&amp;Neu berechnen alle</translation>
        </message>
        <message>
            <source>Stop scoring</source>
            <translation>Berechnung anhalten</translation>
        </message>
        <message>
            <source>Why never? Enter to keep, Esc to leave</source>
            <translation>Warum nie? Enter behält, Esc verlässt</translation>
        </message>
        <message>
            <source>Why this image shall never be asked for</source>
            <translation>Warum dieses Bild nie vorgeschlagen werden soll</translation>
        </message>
        <message>
            <source>no matter</source>
            <translation>egal</translation>
        </message>
        <message>
            <source>only when I ask</source>
            <translation>nur auf Wunsch</translation>
        </message>
    </context>
    <context>
        <name>Reasons</name>
        <message>
            <source>class {0} has no mask yet</source>
            <translation>Klasse {0} hat noch keine Maske</translation>
        </message>
        <message>
            <source>class {0} has only {1} mask</source>
            <translation>Klasse {0} hat nur {1} Maske</translation>
        </message>
        <message>
            <source>class {0} has only {1} masks</source>
            <translation>Klasse {0} hat nur {1} Masken</translation>
        </message>
        <message>
            <source>drawn at random</source>
            <translation>zufällig gezogen</translation>
        </message>
        <message>
            <source>not scored yet</source>
            <translation>noch ohne Score</translation>
        </message>
        <message>
            <source>pinned</source>
            <translation>angeheftet</translation>
        </message>
        <message>
            <source>pinned: {0}</source>
            <translation>angeheftet: {0}</translation>
        </message>
        <message>
            <source>skipped for ever</source>
            <translation>für immer übergangen</translation>
        </message>
        <message>
            <source>skipped for ever: {0}</source>
            <translation>für immer übergangen: {0}</translation>
        </message>
        <message>
            <source>skipped for now</source>
            <translation>vorerst übergangen</translation>
        </message>
        <message>
            <source>skipped for now: {0}</source>
            <translation>vorerst übergangen: {0}</translation>
        </message>
        <message>
            <source>tagged defective, and its whole label map is healthy</source>
            <translation>als defekt bewertet, doch die ganze Maske ist fehlerfrei</translation>
        </message>
        <message>
            <source>tagged defective, yet a model that never saw it gives {0}</source>
            <translation>als defekt bewertet, doch ein Modell, das es nie sah, sagt {0}</translation>
        </message>
        <message>
            <source>tagged defective, yet the model gives {0}</source>
            <translation>als defekt bewertet, doch das Modell sagt {0}</translation>
        </message>
        <message>
            <source>tagged defective, yet {0} of {1} other images of its group are tagged good</source>
            <translation>als defekt bewertet, doch {0} von {1} anderen Bildern seiner Gruppe sind als gut bewertet</translation>
        </message>
        <message>
            <source>tagged good, and its whole label map is healthy</source>
            <translation>als gut bewertet, und die ganze Maske ist fehlerfrei</translation>
        </message>
        <message>
            <source>tagged good, yet a model that never saw it gives {0}</source>
            <translation>als gut bewertet, doch ein Modell, das es nie sah, sagt {0}</translation>
        </message>
        <message>
            <source>tagged good, yet {0} of {1} other images of its group are tagged defective</source>
            <translation>als gut bewertet, doch {0} von {1} anderen Bildern seiner Gruppe sind als defekt bewertet</translation>
        </message>
        <message>
            <source>the model is sure of the tag ({0}), not of where the defect is</source>
            <translation>das Modell ist der Bewertung sicher ({0}), nicht des Ortes</translation>
        </message>
        <message>
            <source>the model is unsure: {0}</source>
            <translation>das Modell ist unsicher: {0}</translation>
        </message>
        <message>
            <source>unlike anything segmented so far</source>
            <translation>unähnlich allem bisher Segmentierten</translation>
        </message>
    </context>
    <context>
        <name>RecentButton</name>
        <message>
            <source>Open the project {0}</source>
            <translation>Projekt {0} öffnen</translation>
        </message>
        <message>
            <source>no images yet</source>
            <translation>noch keine Bilder</translation>
        </message>
        <message>
            <source>{0} of {1} images tagged</source>
            <translation>{0} von {1} Bildern bewertet</translation>
        </message>
    </context>
    <context>
        <name>Refine</name>
        <message>
            <source>A run's segmentation</source>
            <translation>Segmentierung eines Laufs</translation>
        </message>
        <message>
            <source>Boxes around the defects</source>
            <translation>Rahmen um die Defekte</translation>
        </message>
        <message>
            <source>Cutting patches</source>
            <translation>Ausschnitte werden ausgeschnitten</translation>
        </message>
        <message>
            <source>Dense map of {0}</source>
            <translation>Dichte Maske von {0}</translation>
        </message>
        <message>
            <source>Each region becomes the box around it, the rest of its image healthy: the coarsest labels.</source>
            <translation>Jede Region wird zu dem Rahmen um sie, der Rest ihres Bildes fehlerfrei: die gröbsten Markierungen.</translation>
        </message>
        <message>
            <source>Images tagged defective take over what a trained run sees in them; drawn maps are replaced.</source>
            <translation>Als defekt bewertete Bilder übernehmen, was ein trainierter Lauf in ihnen sieht; gezeichnete Masken werden ersetzt.</translation>
        </message>
        <message>
            <source>Labels are drawn at random: the worst beginning there is, to see what answers alone bring.</source>
            <translation>Markierungen werden ausgelost: der schlechteste Anfang, um zu sehen, was Antworten allein bringen.</translation>
        </message>
        <message>
            <source>Labels as they are</source>
            <translation>Markierungen, wie sie sind</translation>
        </message>
        <message>
            <source>Looking at the patches of all images</source>
            <translation>Ausschnitte aller Bilder werden angesehen</translation>
        </message>
        <message>
            <source>Noise</source>
            <translation>Rauschen</translation>
        </message>
        <message>
            <source>Nothing is drawn anew: coarse, wrong or partial label maps are made finer.</source>
            <translation>Nichts wird neu gezeichnet: grobe, falsche oder lückenhafte Masken werden feiner.</translation>
        </message>
        <message>
            <source>P(defect) {0}</source>
            <translation>P(defekt) {0}</translation>
        </message>
        <message>
            <source>Starting map of {0}</source>
            <translation>Anfangsmaske von {0}</translation>
        </message>
        <message>
            <source>class {0}</source>
            <translation>Klasse {0}</translation>
        </message>
        <message>
            <source>healthy</source>
            <translation>fehlerfrei</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
    </context>
    <context>
        <name>RefineDesk</name>
        <message>
            <source>Answer panels</source>
            <translation>Tafeln beantworten</translation>
        </message>
        <message>
            <source>Round {0} is trained.</source>
            <translation>Runde {0} ist trainiert.</translation>
        </message>
        <message numerus="yes">
            <source>The dense map changed %Ln image(s)</source>
            <translation>
                <numerusform>Die dichte Maske hat %Ln Bild geändert</numerusform>
                <numerusform>Die dichte Maske hat %Ln Bilder geändert</numerusform>
            </translation>
        </message>
        <message>
            <source>{0}, from P(defect) {1} on. Undo takes it back.</source>
            <translation>{0}, ab P(defekt) {1}. Rückgängig nimmt es zurück.</translation>
        </message>
    </context>
    <context>
        <name>RefineJobs</name>
        <message numerus="yes">
            <source>%Ln image(s) as they were at the start</source>
            <translation>
                <numerusform>%Ln Bild wie am Anfang</numerusform>
                <numerusform>%Ln Bilder wie am Anfang</numerusform>
            </translation>
        </message>
        <message>
            <source>A training is running.</source>
            <translation>Ein Training läuft.</translation>
        </message>
        <message>
            <source>Begin a refinement.</source>
            <translation>Beginnen Sie ein Verfeinern.</translation>
        </message>
        <message>
            <source>No project is open.</source>
            <translation>Kein Projekt ist geöffnet.</translation>
        </message>
        <message>
            <source>No starting maps were made.</source>
            <translation>Es wurden keine Anfangsmasken angelegt.</translation>
        </message>
        <message>
            <source>Open one first.</source>
            <translation>Öffnen Sie erst eines.</translation>
        </message>
        <message>
            <source>Stop it first.</source>
            <translation>Halten Sie es erst an.</translation>
        </message>
        <message>
            <source>Stopped. The rounds before are as they were.</source>
            <translation>Angehalten. Die Runden davor sind, wie sie waren.</translation>
        </message>
    </context>
    <context>
        <name>RefinePage</name>
        <message numerus="yes">
            <source>%Ln ticked</source>
            <translation>
                <numerusform>%Ln angehakt</numerusform>
                <numerusform>%Ln angehakt</numerusform>
            </translation>
        </message>
        <message>
            <source>1-0 tick · Enter answers · N none · middle button or Shift+arrows move the centre · Z enlarges</source>
            <translation>1-0 hakt an · Eingabe antwortet · N keiner · mittlere Taste oder Umschalt+Pfeile verschieben die Mitte · Z vergrößert</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>Antworten</translation>
        </message>
        <message>
            <source>Back to the image (Esc)</source>
            <translation>Zurück zum Bild (Esc)</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keiner</translation>
        </message>
        <message>
            <source>Progress of the training</source>
            <translation>Fortschritt des Trainings</translation>
        </message>
        <message>
            <source>Stop the training</source>
            <translation>Training anhalten</translation>
        </message>
        <message>
            <source>The patch in its image</source>
            <translation>Der Ausschnitt in seinem Bild</translation>
        </message>
        <message>
            <source>What to do next</source>
            <translation>Was als Nächstes zu tun ist</translation>
        </message>
    </context>
    <context>
        <name>RefinePanel</name>
        <message>
            <source>&amp;Learn from</source>
            <translation>&amp;Lernen aus</translation>
        </message>
        <message>
            <source>&amp;Write</source>
            <translation>&amp;Schreiben</translation>
        </message>
        <message>
            <source>An&amp;chors</source>
            <translation>An&amp;ker</translation>
        </message>
        <message>
            <source>Anchors</source>
            <translation>Anker</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>Antworten</translation>
        </message>
        <message>
            <source>Begin anew…</source>
            <translation>Neu beginnen…</translation>
        </message>
        <message>
            <source>How</source>
            <translation>Wie</translation>
        </message>
        <message>
            <source>Learn from</source>
            <translation>Lernen aus</translation>
        </message>
        <message>
            <source>Progress of the round</source>
            <translation>Fortschritt der Runde</translation>
        </message>
        <message>
            <source>Restore the starting maps</source>
            <translation>Anfangsmasken wiederherstellen</translation>
        </message>
        <message>
            <source>Rounds</source>
            <translation>Runden</translation>
        </message>
        <message>
            <source>Rules you settled on, doubtful kinds of defects…</source>
            <translation>Regeln, auf die Sie sich festgelegt haben, zweifelhafte Defektarten…</translation>
        </message>
        <message>
            <source>Session notes</source>
            <translation>Notizen zur Sitzung</translation>
        </message>
        <message>
            <source>Stop the training of the round</source>
            <translation>Training der Runde anhalten</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Train by itself when the round is full</source>
            <translation>Von selbst trainieren, wenn die Runde voll ist</translation>
        </message>
        <message>
            <source>Write</source>
            <translation>Schreiben</translation>
        </message>
        <message>
            <source>answers alone</source>
            <translation>nur aus Antworten</translation>
        </message>
        <message>
            <source>at random</source>
            <translation>zufällig</translation>
        </message>
        <message>
            <source>maps and answers</source>
            <translation>Masken und Antworten</translation>
        </message>
        <message>
            <source>the centre pixel</source>
            <translation>das Pixel in der Mitte</translation>
        </message>
        <message>
            <source>the changed maps</source>
            <translation>den geänderten Masken</translation>
        </message>
        <message>
            <source>the most unsure</source>
            <translation>die unsichersten</translation>
        </message>
        <message>
            <source>the superpixel at the centre</source>
            <translation>das Superpixel in der Mitte</translation>
        </message>
        <message>
            <source>the whole patch</source>
            <translation>den ganzen Ausschnitt</translation>
        </message>
    </context>
    <context>
        <name>RefineState</name>
        <message>
            <source>A dense map is being made</source>
            <translation>Eine dichte Maske entsteht</translation>
        </message>
        <message>
            <source>A dense map is being made.</source>
            <translation>Eine dichte Maske entsteht.</translation>
        </message>
        <message>
            <source>A round is being trained. You can go on with other work meanwhile.</source>
            <translation>Eine Runde wird trainiert. Sie können inzwischen anderes tun.</translation>
        </message>
        <message>
            <source>All answers of this round are on disk. Training takes about a minute; you can work on meanwhile.</source>
            <translation>Alle Antworten dieser Runde sind gespeichert. Das Training dauert etwa eine Minute; Sie können inzwischen weiterarbeiten.</translation>
        </message>
        <message>
            <source>Begin a refinement</source>
            <translation>Verfeinern beginnen</translation>
        </message>
        <message>
            <source>Begin with boxes, a run's segmentation or the labels you have. The network then shows an anchor and ten patches at a time: tick those that show the same thing. Fifty answers later it learns from them, and asks anew.</source>
            <translation>Beginnen Sie mit Rahmen, der Segmentierung eines Laufs oder den Markierungen, die Sie haben. Das Netz zeigt dann jeweils einen Anker und zehn Ausschnitte: haken Sie an, was das Gleiche zeigt. Nach fünfzig Antworten lernt es daraus und fragt neu.</translation>
        </message>
        <message>
            <source>Close the project where it is open for writing to answer panels here.</source>
            <translation>Schließen Sie das Projekt dort, wo es zum Schreiben geöffnet ist, um hier Tafeln zu beantworten.</translation>
        </message>
        <message>
            <source>Every pair that the network doubts was shown. Train the next round to be asked anew.</source>
            <translation>Alles, woran das Netz zweifelt, wurde gezeigt. Trainieren Sie die nächste Runde, um neu gefragt zu werden.</translation>
        </message>
        <message>
            <source>Go on with this round</source>
            <translation>Mit dieser Runde weitermachen</translation>
        </message>
        <message>
            <source>Import images first (Ctrl+I); then refine their labels here.</source>
            <translation>Importieren Sie erst Bilder (Strg+I); verfeinern Sie dann hier ihre Markierungen.</translation>
        </message>
        <message>
            <source>No images yet</source>
            <translation>Noch keine Bilder</translation>
        </message>
        <message>
            <source>No round yet</source>
            <translation>Noch keine Runde</translation>
        </message>
        <message>
            <source>Nothing left to ask</source>
            <translation>Nichts mehr zu fragen</translation>
        </message>
        <message>
            <source>Reading only</source>
            <translation>Nur lesen</translation>
        </message>
        <message>
            <source>Refine</source>
            <translation>Verfeinern</translation>
        </message>
        <message>
            <source>Refine, round {0}</source>
            <translation>Verfeinern, Runde {0}</translation>
        </message>
        <message>
            <source>Round 0 is being trained</source>
            <translation>Runde 0 wird trainiert</translation>
        </message>
        <message>
            <source>Round {0} is being trained</source>
            <translation>Runde {0} wird trainiert</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Beginnt</translation>
        </message>
        <message>
            <source>The network learns from your answers. The next round opens here by itself.</source>
            <translation>Das Netz lernt aus Ihren Antworten. Die nächste Runde öffnet sich hier von selbst.</translation>
        </message>
        <message>
            <source>The network looks at patches of all images for the first time. The first panel then opens here.</source>
            <translation>Das Netz sieht sich zum ersten Mal Ausschnitte aller Bilder an. Dann öffnet sich hier die erste Tafel.</translation>
        </message>
        <message>
            <source>The newest round looks at every image; then the label maps change, as one step.</source>
            <translation>Die neueste Runde sieht sich jedes Bild an; dann ändern sich die Masken, als ein Schritt.</translation>
        </message>
        <message>
            <source>The round is full: train the next one, or go on answering.</source>
            <translation>Die Runde ist voll: trainieren Sie die nächste, oder antworten Sie weiter.</translation>
        </message>
        <message>
            <source>This project is open for reading only: rounds can be looked at, panels not answered.</source>
            <translation>Dieses Projekt ist nur zum Lesen geöffnet: Runden lassen sich ansehen, Tafeln nicht beantworten.</translation>
        </message>
        <message>
            <source>This round is full</source>
            <translation>Diese Runde ist voll</translation>
        </message>
        <message>
            <source>Train the next round</source>
            <translation>Nächste Runde trainieren</translation>
        </message>
        <message>
            <source>Turn coarse, wrong or missing labels into precise ones: compare small patches, fifty answers a round, and the network learns from them.</source>
            <translation>Aus groben, falschen oder fehlenden Markierungen werden genaue: Sie vergleichen kleine Ausschnitte, fünfzig Antworten je Runde, und das Netz lernt daraus.</translation>
        </message>
        <message>
            <source>{0} of {1} answers</source>
            <translation>{0} von {1} Antworten</translation>
        </message>
        <message>
            <source>{0} s each</source>
            <translation>je {0} s</translation>
        </message>
    </context>
    <context>
        <name>RegionsSection</name>
        <message>
            <source>Nothing is drawn here. Press B and paint over a defect, or drag a box with R.</source>
            <translation>Hier ist nichts gezeichnet. Drücken Sie B und malen Sie über einen Defekt, oder ziehen Sie mit R ein Rechteck.</translation>
        </message>
        <message>
            <source>Regions</source>
            <translation>Regionen</translation>
        </message>
        <message>
            <source>Regions ({0})</source>
            <translation>Regionen ({0})</translation>
        </message>
        <message>
            <source>Regions drawn on this image</source>
            <translation>Auf diesem Bild gezeichnete Regionen</translation>
        </message>
        <message>
            <source>accepted</source>
            <translation>übernommen</translation>
        </message>
        <message>
            <source>class {0}</source>
            <translation>Klasse {0}</translation>
        </message>
        <message>
            <source>drawn</source>
            <translation>gezeichnet</translation>
        </message>
        <message>
            <source>imported</source>
            <translation>importiert</translation>
        </message>
        <message>
            <source>mentored</source>
            <translation>aus Betreuung</translation>
        </message>
        <message>
            <source>refined</source>
            <translation>aus Verfeinerung</translation>
        </message>
    </context>
    <context>
        <name>Replay</name>
        <message numerus="yes">
            <source>%Ln centre(s) moved</source>
            <translation>
                <numerusform>%Ln Mitte verschoben</numerusform>
                <numerusform>%Ln Mitten verschoben</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln Bild</numerusform>
                <numerusform>%Ln Bilder</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation>
                <numerusform>%Ln Notiz</numerusform>
                <numerusform>%Ln Notizen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln step(s)</source>
            <translation>
                <numerusform>%Ln Schritt</numerusform>
                <numerusform>%Ln Schritte</numerusform>
            </translation>
        </message>
        <message>
            <source>Before the first step: the project is empty.</source>
            <translation>Vor dem ersten Schritt: das Projekt ist leer.</translation>
        </message>
        <message>
            <source>Label maps</source>
            <translation>Masken</translation>
        </message>
        <message>
            <source>Other steps</source>
            <translation>Andere Schritte</translation>
        </message>
        <message>
            <source>Panels</source>
            <translation>Tafeln</translation>
        </message>
        <message>
            <source>Panels of round {0} · {1} · {2}</source>
            <translation>Tafeln von Runde {0} · {1} · {2}</translation>
        </message>
        <message>
            <source>Round {0} was trained on what stood here</source>
            <translation>Runde {0} lernte aus dem, was hier stand</translation>
        </message>
        <message>
            <source>Run {0}</source>
            <translation>Lauf {0}</translation>
        </message>
        <message>
            <source>R{0}</source>
            <translation>R{0}</translation>
        </message>
        <message>
            <source>Session {0} · {1} · {2}</source>
            <translation>Sitzung {0} · {1} · {2}</translation>
        </message>
        <message>
            <source>Step {0} of {1}</source>
            <translation>Schritt {0} von {1}</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>Bewertungen</translation>
        </message>
        <message>
            <source>The whole journal · {0}</source>
            <translation>Das ganze Journal · {0}</translation>
        </message>
        <message>
            <source>Up to run {0} · {1} · {2}</source>
            <translation>Bis zum Lauf {0} · {1} · {2}</translation>
        </message>
        <message>
            <source>Verdicts</source>
            <translation>Urteile</translation>
        </message>
        <message>
            <source>Verdicts on run {0} · {1} · {2}</source>
            <translation>Urteile über Lauf {0} · {1} · {2}</translation>
        </message>
        <message>
            <source>after {0} s</source>
            <translation>nach {0} s</translation>
        </message>
        <message>
            <source>anchor: {0}</source>
            <translation>Anker: {0}</translation>
        </message>
        <message>
            <source>answered by {0}</source>
            <translation>beantwortet von {0}</translation>
        </message>
        <message>
            <source>answered panels: {0}</source>
            <translation>beantwortete Tafeln: {0}</translation>
        </message>
        <message>
            <source>by run {0}</source>
            <translation>von Lauf {0}</translation>
        </message>
        <message>
            <source>found as {0}</source>
            <translation>gefunden als {0}</translation>
        </message>
        <message>
            <source>it was shown as {0}</source>
            <translation>gezeigt wurde er als {0}</translation>
        </message>
        <message>
            <source>no defect drawn</source>
            <translation>kein Defekt gezeichnet</translation>
        </message>
        <message>
            <source>none is alike</source>
            <translation>keiner ist gleich</translation>
        </message>
        <message>
            <source>nothing drawn</source>
            <translation>nichts gezeichnet</translation>
        </message>
        <message>
            <source>runs: {0}</source>
            <translation>Läufe: {0}</translation>
        </message>
        <message>
            <source>shown for the second time, without saying so</source>
            <translation>zum zweiten Mal gezeigt, ohne es zu sagen</translation>
        </message>
        <message>
            <source>taken back by step {0}</source>
            <translation>zurückgenommen mit Schritt {0}</translation>
        </message>
        <message>
            <source>the answer was taken back here</source>
            <translation>die Antwort wurde hier zurückgenommen</translation>
        </message>
        <message>
            <source>ticked: {0}</source>
            <translation>angekreuzt: {0}</translation>
        </message>
        <message>
            <source>verdicts: {0}</source>
            <translation>Urteile: {0}</translation>
        </message>
        <message>
            <source>{0}: {1} pixels</source>
            <translation>{0}: {1} Pixel</translation>
        </message>
    </context>
    <context>
        <name>ReplayDesk</name>
        <message>
            <source>Nothing has been done in this project yet.</source>
            <translation>In diesem Projekt wurde noch nichts getan.</translation>
        </message>
        <message>
            <source>Reading the journal…</source>
            <translation>Das Journal wird gelesen…</translation>
        </message>
        <message>
            <source>What is shown is the past: nothing can be changed. Esc leaves.</source>
            <translation>Gezeigt wird Vergangenes: nichts lässt sich ändern. Esc beendet.</translation>
        </message>
    </context>
    <context>
        <name>ReplayPage</name>
        <message>
            <source>As fast as it goes</source>
            <translation>So schnell es geht</translation>
        </message>
        <message>
            <source>Back to the image (Esc)</source>
            <translation>Zurück zum Bild (Esc)</translation>
        </message>
        <message>
            <source>How fast it plays, by the clock of the day; long pauses are cut short</source>
            <translation>Wie schnell abgespielt wird, gemessen an der Uhr jenes Tages; lange Pausen werden gekürzt</translation>
        </message>
        <message>
            <source>Mark changes</source>
            <translation>Änderungen zeigen</translation>
        </message>
        <message>
            <source>Outline the pixels whose label the step changed</source>
            <translation>Die Pixel umranden, deren Markierung der Schritt geändert hat</translation>
        </message>
        <message>
            <source>Progress of reading the journal</source>
            <translation>Fortschritt beim Lesen des Journals</translation>
        </message>
        <message>
            <source>Replay</source>
            <translation>Wiedergabe</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>Tempo</translation>
        </message>
        <message>
            <source>Stop reading</source>
            <translation>Lesen anhalten</translation>
        </message>
        <message>
            <source>The detection that was judged, zoomed</source>
            <translation>Der beurteilte Fund, vergrößert</translation>
        </message>
        <message>
            <source>The image with its labels as they were</source>
            <translation>Das Bild mit seinen Markierungen, wie sie waren</translation>
        </message>
        <message>
            <source>Which part of the journal</source>
            <translation>Welcher Teil des Journals</translation>
        </message>
    </context>
    <context>
        <name>ResultsPanel</name>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln Maske</numerusform>
                <numerusform>%Ln Masken</numerusform>
            </translation>
        </message>
        <message>
            <source>AP %</source>
            <translation>AP %</translation>
        </message>
        <message>
            <source>AP % of {0}</source>
            <translation>AP % von {0}</translation>
        </message>
        <message>
            <source>AUC %</source>
            <translation>AUC %</translation>
        </message>
        <message>
            <source>Best F1 %</source>
            <translation>Bestes F1 %</translation>
        </message>
        <message>
            <source>Choose a run to see its scores and heat maps.</source>
            <translation>Wählen Sie einen Lauf, um seine Scores und Heatmaps zu sehen.</translation>
        </message>
        <message>
            <source>Computing figures…</source>
            <translation>Kennzahlen werden berechnet…</translation>
        </message>
        <message>
            <source>Correct %</source>
            <translation>Richtig %</translation>
        </message>
        <message>
            <source>Defective</source>
            <translation>Defekt</translation>
        </message>
        <message>
            <source>False alarms</source>
            <translation>Fehlalarme</translation>
        </message>
        <message>
            <source>Figures of the run</source>
            <translation>Kennzahlen des Laufs</translation>
        </message>
        <message>
            <source>Images</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>IoU %</source>
            <translation>IoU %</translation>
        </message>
        <message>
            <source>IoU % of {0}</source>
            <translation>IoU % von {0}</translation>
        </message>
        <message>
            <source>Missed</source>
            <translation>Übersehen</translation>
        </message>
        <message>
            <source>No detector has been trained yet. Tag some images good and some defective, then press Ctrl+T.</source>
            <translation>Noch ist kein Detektor trainiert. Bewerten Sie einige Bilder als gut und einige als defekt, und drücken Sie dann Strg+T.</translation>
        </message>
        <message>
            <source>No tagged image has a prediction of this run.</source>
            <translation>Kein bewertetes Bild hat eine Vorhersage dieses Laufs.</translation>
        </message>
        <message>
            <source>None (hide scores and heat maps)</source>
            <translation>Keiner (Scores und Heatmaps ausblenden)</translation>
        </message>
        <message>
            <source>Pixel AP %</source>
            <translation>Pixel-AP %</translation>
        </message>
        <message>
            <source>This run has no predictions yet.</source>
            <translation>Dieser Lauf hat noch keine Vorhersagen.</translation>
        </message>
        <message>
            <source>This run has not come to its end and has no predictions.</source>
            <translation>Dieser Lauf ist nicht zu Ende gekommen und hat keine Vorhersagen.</translation>
        </message>
        <message>
            <source>This run was stopped before its end and has no predictions.</source>
            <translation>Dieser Lauf wurde vorzeitig angehalten und hat keine Vorhersagen.</translation>
        </message>
        <message>
            <source>Training run whose scores and heat maps are shown</source>
            <translation>Trainingslauf, dessen Scores und Heatmaps gezeigt werden</translation>
        </message>
        <message>
            <source>all</source>
            <translation>alle</translation>
        </message>
        <message>
            <source>seed {0}</source>
            <translation>Startwert {0}</translation>
        </message>
        <message>
            <source>tags only</source>
            <translation>nur Bewertungen</translation>
        </message>
        <message>
            <source>threshold {0}</source>
            <translation>Schwelle {0}</translation>
        </message>
        <message>
            <source>trained in {0}</source>
            <translation>trainiert in {0}</translation>
        </message>
        <message>
            <source>{0} epochs</source>
            <translation>{0} Epochen</translation>
        </message>
        <message>
            <source>{0} images</source>
            <translation>{0} Bilder</translation>
        </message>
    </context>
    <context>
        <name>RoundsDesk</name>
        <message>
            <source>no pixel of this image changed since {0}</source>
            <translation>kein Pixel dieses Bildes hat sich seit {0} geändert</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <source>round {0}</source>
            <translation>Runde {0}</translation>
        </message>
        <message>
            <source>since {0}: {1} pixels became defective, {2} are defective no more</source>
            <translation>seit {0}: {1} Pixel wurden defekt, {2} sind es nicht mehr</translation>
        </message>
        <message>
            <source>the labels that the first round learned from</source>
            <translation>die Markierungen, aus denen die erste Runde gelernt hat</translation>
        </message>
    </context>
    <context>
        <name>RoundsPage</name>
        <message>
            <source>Back to the image (Esc)</source>
            <translation>Zurück zum Bild (Esc)</translation>
        </message>
        <message>
            <source>Heat map of the round</source>
            <translation>Heatmap der Runde</translation>
        </message>
        <message>
            <source>Label map of the round</source>
            <translation>Maske der Runde</translation>
        </message>
        <message>
            <source>Mark what changed</source>
            <translation>Änderungen markieren</translation>
        </message>
        <message>
            <source>Round</source>
            <translation>Runde</translation>
        </message>
        <message>
            <source>Rounds side by side</source>
            <translation>Runden nebeneinander</translation>
        </message>
    </context>
    <context>
        <name>RunDesk</name>
        <message>
            <source>A training is running.</source>
            <translation>Ein Training läuft.</translation>
        </message>
        <message>
            <source>Stop it first.</source>
            <translation>Halten Sie es zuerst an.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Angehalten.</translation>
        </message>
        <message>
            <source>Stopped. What was learnt so far is kept.</source>
            <translation>Angehalten. Das bisher Gelernte bleibt erhalten.</translation>
        </message>
        <message>
            <source>Training broke off.</source>
            <translation>Das Training brach ab.</translation>
        </message>
        <message>
            <source>Training is finished.</source>
            <translation>Das Training ist abgeschlossen.</translation>
        </message>
    </context>
    <context>
        <name>RunExport</name>
        <message>
            <source>Folder to export into</source>
            <translation>Ordner, in den exportiert wird</translation>
        </message>
        <message>
            <source>The detector is exported.</source>
            <translation>Der Detektor ist exportiert.</translation>
        </message>
    </context>
    <context>
        <name>RunState</name>
        <message>
            <source>Damaged</source>
            <translation>Beschädigt</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>Gescheitert</translation>
        </message>
        <message>
            <source>Files missing</source>
            <translation>Dateien fehlen</translation>
        </message>
        <message>
            <source>Finished</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>In training</source>
            <translation>Im Training</translation>
        </message>
        <message>
            <source>Interrupted</source>
            <translation>Unterbrochen</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Angehalten</translation>
        </message>
    </context>
    <context>
        <name>RunsDesk</name>
        <message numerus="yes">
            <source>%Ln deleted run(s) removed from disk.</source>
            <translation>
                <numerusform>%Ln gelöschter Lauf von der Festplatte entfernt.</numerusform>
                <numerusform>%Ln gelöschte Läufe von der Festplatte entfernt.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln run(s) deleted. Undo brings them back.</source>
            <translation>
                <numerusform>%Ln Lauf gelöscht. Rückgängig holt ihn zurück.</numerusform>
                <numerusform>%Ln Läufe gelöscht. Rückgängig holt sie zurück.</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Remove</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <source>No deleted run takes room on disk.</source>
            <translation>Kein gelöschter Lauf belegt Platz auf der Festplatte.</translation>
        </message>
        <message>
            <source>No project is open.</source>
            <translation>Es ist kein Projekt geöffnet.</translation>
        </message>
        <message>
            <source>Note on the run</source>
            <translation>Notiz zum Lauf</translation>
        </message>
        <message>
            <source>Open one first.</source>
            <translation>Öffnen Sie zuerst eines.</translation>
        </message>
        <message numerus="yes">
            <source>Remove %Ln deleted run(s) from disk?</source>
            <translation>
                <numerusform>%Ln gelöschten Lauf von der Festplatte entfernen?</numerusform>
                <numerusform>%Ln gelöschte Läufe von der Festplatte entfernen?</numerusform>
            </translation>
        </message>
        <message>
            <source>Remove deleted runs from disk</source>
            <translation>Gelöschte Läufe von der Festplatte entfernen</translation>
        </message>
        <message>
            <source>This frees {0} MB and cannot be undone.</source>
            <translation>Das macht {0} MB frei und lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <source>What to remember of {0}:</source>
            <translation>Was zu {0} festzuhalten ist:</translation>
        </message>
    </context>
    <context>
        <name>RunsModel</name>
        <message>
            <source>* Images of this split trained the run, so the figure flatters it.</source>
            <translation>* Mit Bildern dieses Splits wurde der Lauf trainiert; die Zahl schmeichelt ihm also.</translation>
        </message>
        <message>
            <source>AP %</source>
            <translation>AP %</translation>
        </message>
        <message>
            <source>Average precision over images, as measured after the training</source>
            <translation>Mittlere Genauigkeit (AP) über Bilder, gemessen nach dem Training</translation>
        </message>
        <message>
            <source>Average precision over pixels, as measured after the training</source>
            <translation>Mittlere Genauigkeit (AP) über Pixel, gemessen nach dem Training</translation>
        </message>
        <message>
            <source>How many masks training used</source>
            <translation>Wie viele Masken das Training benutzt hat</translation>
        </message>
        <message>
            <source>Masks</source>
            <translation>Masken</translation>
        </message>
        <message>
            <source>Measured on split {0}.</source>
            <translation>Gemessen auf Split {0}.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>No star: click to change</source>
            <translation>Ohne Stern: zum Ändern klicken</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Pixel AP %</source>
            <translation>Pixel-AP %</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>Lauf</translation>
        </message>
        <message>
            <source>Starred</source>
            <translation>Mit Stern</translation>
        </message>
        <message>
            <source>Starred: click to change</source>
            <translation>Mit Stern: zum Ändern klicken</translation>
        </message>
        <message>
            <source>Started</source>
            <translation>Begonnen</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>no star</source>
            <translation>ohne Stern</translation>
        </message>
        <message>
            <source>starred</source>
            <translation>mit Stern</translation>
        </message>
        <message>
            <source>{0}, its scores are shown</source>
            <translation>{0}, seine Scores werden gezeigt</translation>
        </message>
    </context>
    <context>
        <name>RunsPanel</name>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Filter runs</source>
            <translation>Läufe filtern</translation>
        </message>
        <message>
            <source>Filter runs by any word</source>
            <translation>Läufe nach beliebigen Wörtern filtern</translation>
        </message>
        <message>
            <source>No detector has been trained yet. Tag some images good and some defective, then press Ctrl+T.</source>
            <translation>Es wurde noch kein Detektor trainiert. Bewerten Sie einige Bilder als gut und einige als fehlerhaft, und drücken Sie Strg+T.</translation>
        </message>
        <message>
            <source>No run is like that. Clear the filter to see all.</source>
            <translation>So ist kein Lauf. Leeren Sie den Filter, um alle zu sehen.</translation>
        </message>
        <message>
            <source>Starred runs only</source>
            <translation>Nur Läufe mit Stern</translation>
        </message>
        <message>
            <source>Training runs</source>
            <translation>Trainingsläufe</translation>
        </message>
    </context>
    <context>
        <name>SampleTile</name>
        <message>
            <source>{0}: {1}, score {2}</source>
            <translation>{0}: {1}, Wert {2}</translation>
        </message>
    </context>
    <context>
        <name>SamplesStrip</name>
        <message>
            <source>Epoch whose samples are shown</source>
            <translation>Epoche, deren Beispiele gezeigt werden</translation>
        </message>
        <message>
            <source>What it sees now</source>
            <translation>Was der Detektor sieht</translation>
        </message>
        <message>
            <source>epoch {0}</source>
            <translation>Epoche {0}</translation>
        </message>
    </context>
    <context>
        <name>ScissorsTool</name>
        <message>
            <source>Click along the edge of the defect; the line snaps to it. Enter or a double click closes it.</source>
            <translation>Klicken Sie entlang der Kante des Defekts; die Linie rastet ein. Eingabe oder Doppelklick schließt sie.</translation>
        </message>
    </context>
    <context>
        <name>Select</name>
        <message>
            <source>Any order: what every other strategy must beat.</source>
            <translation>Beliebige Reihenfolge: das Maß, an dem sich jede andere Strategie messen muss.</translation>
        </message>
        <message>
            <source>At random</source>
            <translation>Zufällig</translation>
        </message>
        <message>
            <source>Click a region to select it, drag to move it. Delete removes it; 1 to 9 change its class.</source>
            <translation>Klicken wählt eine Region, Ziehen verschiebt sie. Entf löscht sie; 1 bis 9 ändern ihre Klasse.</translation>
        </message>
        <message>
            <source>Doubted most</source>
            <translation>Am meisten bezweifelt</translation>
        </message>
        <message>
            <source>Images of which the model is unsure, and unlike those that have a mask.</source>
            <translation>Bilder, bei denen das Modell unsicher ist und die denen mit Maske nicht ähneln.</translation>
        </message>
        <message>
            <source>Images on which good and defective are nearly level.</source>
            <translation>Bilder, bei denen gut und defekt fast gleichauf liegen.</translation>
        </message>
        <message>
            <source>Images on which the model is undecided between good and defective.</source>
            <translation>Bilder, bei denen das Modell zwischen gut und defekt schwankt.</translation>
        </message>
        <message>
            <source>Images tagged defective in which the model sees least of a defect.</source>
            <translation>Als defekt bewertete Bilder, in denen das Modell am wenigsten von einem Defekt sieht.</translation>
        </message>
        <message>
            <source>Images whose defect class the model cannot tell.</source>
            <translation>Bilder, deren Defektklasse das Modell nicht erkennt.</translation>
        </message>
        <message>
            <source>Unsure (entropy)</source>
            <translation>Unsicher (Entropie)</translation>
        </message>
        <message>
            <source>Unsure (margin)</source>
            <translation>Unsicher (Abstand)</translation>
        </message>
        <message>
            <source>Unsure and unlike</source>
            <translation>Unsicher und unähnlich</translation>
        </message>
        <message>
            <source>Unsure of its class</source>
            <translation>Klasse unsicher</translation>
        </message>
        <message>
            <source>score {0}</source>
            <translation>Score {0}</translation>
        </message>
    </context>
    <context>
        <name>SelectDesk</name>
        <message>
            <source>No tag is in doubt.</source>
            <translation>Keine Bewertung ist zweifelhaft.</translation>
        </message>
        <message>
            <source>Nothing is scored yet. Score the queue first: the models asked about images they never saw then say which tags they contradict.</source>
            <translation>Noch ist nichts berechnet. Zuerst die Vorschläge berechnen: Die Modelle, zu nie gesehenen Bildern befragt, sagen dann, welchen Bewertungen sie widersprechen.</translation>
        </message>
        <message>
            <source>Score the queue, and tags that a model contradicts are listed too.</source>
            <translation>Werden die Vorschläge berechnet, stehen hier auch Bewertungen, denen ein Modell widerspricht.</translation>
        </message>
    </context>
    <context>
        <name>SelectPanel</name>
        <message>
            <source>Budget</source>
            <translation>Aufwand</translation>
        </message>
        <message>
            <source>Label errors</source>
            <translation>Zweifel</translation>
        </message>
        <message>
            <source>Pages of the Select panel</source>
            <translation>Seiten der Auswahl</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>Vorschläge</translation>
        </message>
    </context>
    <context>
        <name>SettingsDialog</name>
        <message>
            <source>Appearance</source>
            <translation>Darstellung</translation>
        </message>
        <message>
            <source>Changes are kept at once.</source>
            <translation>Änderungen gelten sofort.</translation>
        </message>
        <message>
            <source>Pages of the settings</source>
            <translation>Seiten der Einstellungen</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
    </context>
    <context>
        <name>Sheet</name>
        <message numerus="yes">
            <source>%Ln chosen</source>
            <translation>
                <numerusform>%Ln gewählt</numerusform>
                <numerusform>%Ln gewählt</numerusform>
            </translation>
        </message>
        <message>
            <source>As queued</source>
            <translation>Wie in der Reihe</translation>
        </message>
        <message>
            <source>By class</source>
            <translation>Nach Klasse</translation>
        </message>
        <message>
            <source>By image</source>
            <translation>Nach Bild</translation>
        </message>
        <message>
            <source>Choose all</source>
            <translation>Alle wählen</translation>
        </message>
        <message>
            <source>Detections that wait for a verdict</source>
            <translation>Funde, die auf ein Urteil warten</translation>
        </message>
        <message>
            <source>Order of the tiles</source>
            <translation>Reihenfolge der Kacheln</translation>
        </message>
        <message>
            <source>The surest first</source>
            <translation>Die sichersten zuerst</translation>
        </message>
    </context>
    <context>
        <name>Shell</name>
        <message>
            <source>Annotate</source>
            <translation>Annotieren</translation>
        </message>
        <message>
            <source>Heat map</source>
            <translation>Heatmap</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>Images</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>Markierungen</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Main toolbar</source>
            <translation>Werkzeugleiste</translation>
        </message>
        <message>
            <source>Mentor</source>
            <translation>Mentor</translation>
        </message>
        <message>
            <source>Refine</source>
            <translation>Verfeinern</translation>
        </message>
        <message>
            <source>Results</source>
            <translation>Ergebnisse</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>Läufe</translation>
        </message>
        <message>
            <source>Select</source>
            <translation>Auswahl</translation>
        </message>
        <message>
            <source>Show log</source>
            <translation>Protokoll zeigen</translation>
        </message>
        <message>
            <source>Something went wrong that should not have: {0}.</source>
            <translation>Etwas ist unerwartet schiefgegangen: {0}.</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Work</source>
            <translation>Arbeit</translation>
        </message>
        <message>
            <source>Workspaces</source>
            <translation>Arbeitsbereiche</translation>
        </message>
        <message>
            <source>Your labels are safe. The log says more.</source>
            <translation>Ihre Markierungen sind sicher. Das Protokoll sagt mehr.</translation>
        </message>
    </context>
    <context>
        <name>ShortcutSheet</name>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <source>Wheel: zoom about the cursor. Middle button, or Space and drag: move. Double click: fit. Single letters work while the image or the list of images has the focus.</source>
            <translation>Mausrad: um den Mauszeiger zoomen. Mittlere Taste, oder Leertaste und Ziehen: verschieben. Doppelklick: einpassen. Einzelne Buchstaben wirken, solange das Bild oder die Bilderliste den Fokus hat.</translation>
        </message>
    </context>
    <context>
        <name>ShortcutsPage</name>
        <message>
            <source>&amp;Add as another</source>
            <translation>&amp;Zusätzlich</translation>
        </message>
        <message>
            <source>&amp;Default keys</source>
            <translation>&amp;Standardtasten</translation>
        </message>
        <message>
            <source>&amp;No keys</source>
            <translation>&amp;Keine Tasten</translation>
        </message>
        <message>
            <source>&amp;Preset</source>
            <translation>&amp;Vorgabe</translation>
        </message>
        <message>
            <source>&amp;Use it here instead</source>
            <translation>&amp;Stattdessen hier</translation>
        </message>
        <message>
            <source>&amp;Use these keys</source>
            <translation>Ü&amp;bernehmen</translation>
        </message>
        <message>
            <source>Choose a command above.</source>
            <translation>Wählen Sie oben einen Befehl.</translation>
        </message>
        <message>
            <source>Click into the field and press the new keys.</source>
            <translation>Klicken Sie in das Feld und drücken Sie die neuen Tasten.</translation>
        </message>
        <message>
            <source>Command</source>
            <translation>Befehl</translation>
        </message>
        <message>
            <source>Commands and their keys</source>
            <translation>Befehle und ihre Tasten</translation>
        </message>
        <message>
            <source>Default</source>
            <translation>Standard</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Keys that another program made familiar</source>
            <translation>Tasten, die von einem anderen Programm vertraut sind</translation>
        </message>
        <message>
            <source>Press the new keys here</source>
            <translation>Neue Tasten hier drücken</translation>
        </message>
        <message>
            <source>Search commands or keys</source>
            <translation>Befehle oder Tasten suchen</translation>
        </message>
        <message>
            <source>Without Ctrl or Alt it is heard only while the image or the list of images has the focus.</source>
            <translation>Ohne Strg oder Alt wirkt es nur, solange das Bild oder die Bilderliste den Fokus hat.</translation>
        </message>
        <message>
            <source>Your own</source>
            <translation>Eigene</translation>
        </message>
        <message>
            <source>{0} is free.</source>
            <translation>{0} ist frei.</translation>
        </message>
        <message>
            <source>{0} runs {1} at present.</source>
            <translation>{0} startet derzeit {1}.</translation>
        </message>
        <message>
            <source>“{0}”</source>
            <translation>„{0}“</translation>
        </message>
    </context>
    <context>
        <name>Stage</name>
        <message>
            <source>The detection, zoomed</source>
            <translation>Der Fund, vergrößert</translation>
        </message>
        <message>
            <source>The nearest agreed examples of this class</source>
            <translation>Die ähnlichsten anerkannten Beispiele dieser Klasse</translation>
        </message>
        <message>
            <source>The whole image with the detection</source>
            <translation>Das ganze Bild mit dem Fund</translation>
        </message>
    </context>
    <context>
        <name>StartForm</name>
        <message>
            <source> px</source>
            <translation> px</translation>
        </message>
        <message>
            <source>&amp;From</source>
            <translation>&amp;Aus</translation>
        </message>
        <message>
            <source>&amp;Patch</source>
            <translation>A&amp;usschnitt</translation>
        </message>
        <message>
            <source>Begin a refinement</source>
            <translation>Verfeinern beginnen</translation>
        </message>
        <message>
            <source>Mar&amp;gin</source>
            <translation>Ran&amp;d</translation>
        </message>
        <message>
            <source>Net&amp;work</source>
            <translation>&amp;Netz</translation>
        </message>
        <message>
            <source>R&amp;un</source>
            <translation>La&amp;uf</translation>
        </message>
        <message>
            <source>S&amp;teps</source>
            <translation>Sch&amp;ritte</translation>
        </message>
        <message>
            <source>Start and train</source>
            <translation>Beginnen und trainieren</translation>
        </message>
        <message>
            <source>Starting maps are one step of the history: Undo brings your labels back.</source>
            <translation>Die Anfangsmasken sind ein Schritt im Verlauf: Rückgängig bringt Ihre Markierungen zurück.</translation>
        </message>
        <message>
            <source>There is no finished run yet: train one first.</source>
            <translation>Es gibt noch keinen fertigen Lauf: trainieren Sie erst einen.</translation>
        </message>
        <message>
            <source>fast (pretrained features)</source>
            <translation>fast (vortrainierte Merkmale)</translation>
        </message>
        <message>
            <source>patchnet (the paper's)</source>
            <translation>patchnet (das der Veröffentlichung)</translation>
        </message>
    </context>
    <context>
        <name>StartPage</name>
        <message>
            <source>Import a folder of images…</source>
            <translation>Bilderordner importieren…</translation>
        </message>
        <message>
            <source>New empty project…</source>
            <translation>Neues leeres Projekt…</translation>
        </message>
        <message>
            <source>Open a project…</source>
            <translation>Projekt öffnen…</translation>
        </message>
        <message>
            <source>Or drop a folder of images, or a project, onto this window.</source>
            <translation>Oder ziehen Sie einen Bilderordner oder ein Projekt auf dieses Fenster.</translation>
        </message>
        <message>
            <source>Progress of the demo</source>
            <translation>Fortschritt der Demo</translation>
        </message>
        <message>
            <source>Recent projects</source>
            <translation>Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Try it with demo images</source>
            <translation>Mit Demobildern ausprobieren</translation>
        </message>
        <message>
            <source>Turn images of parts into a working defect detector, on this computer alone.</source>
            <translation>Aus Bildern von Teilen wird ein Defektdetektor, allein auf diesem Rechner.</translation>
        </message>
    </context>
    <context>
        <name>Superpixels</name>
        <message>
            <source>Click or drag over the small areas to paint them. Hold Alt to erase.</source>
            <translation>Klicken oder ziehen Sie über die kleinen Flächen, um sie zu malen. Mit Alt wird radiert.</translation>
        </message>
    </context>
    <context>
        <name>SuspectsPage</name>
        <message numerus="yes">
            <source>%Ln tag(s) in doubt, the worst first</source>
            <translation>
                <numerusform>%Ln zweifelhafte Bewertung</numerusform>
                <numerusform>%Ln zweifelhafte Bewertungen, die schlimmste zuerst</numerusform>
            </translation>
        </message>
        <message>
            <source>Images whose tag is in doubt</source>
            <translation>Bilder mit zweifelhafter Bewertung</translation>
        </message>
        <message>
            <source>Label is right</source>
            <translation>Stimmt</translation>
        </message>
    </context>
    <context>
        <name>Tighten</name>
        <message>
            <source>Drag a box round the whole defect; the defect inside is found and painted.</source>
            <translation>Ziehen Sie ein Rechteck um den ganzen Defekt; der Defekt darin wird gefunden und gemalt.</translation>
        </message>
        <message>
            <source>Draw it closer round the defect.</source>
            <translation>Ziehen Sie es enger um den Defekt.</translation>
        </message>
        <message>
            <source>No defect stands out inside this box.</source>
            <translation>In diesem Rechteck hebt sich kein Defekt ab.</translation>
        </message>
        <message>
            <source>Paint it with the brush instead.</source>
            <translation>Malen Sie ihn stattdessen mit dem Pinsel.</translation>
        </message>
        <message>
            <source>This box is too large to search.</source>
            <translation>Dieses Rechteck ist zum Durchsuchen zu groß.</translation>
        </message>
    </context>
    <context>
        <name>Timeline</name>
        <message>
            <source>Timeline: the step that is shown</source>
            <translation>Zeitleiste: der gezeigte Schritt</translation>
        </message>
    </context>
    <context>
        <name>ToolBox</name>
        <message>
            <source>Close it where it is open for writing, then open it here again.</source>
            <translation>Schließen Sie es dort, wo es zum Schreiben offen ist, und öffnen Sie es hier erneut.</translation>
        </message>
        <message>
            <source>This project is open for reading only, so nothing can be drawn.</source>
            <translation>Dieses Projekt ist nur lesend geöffnet, daher kann nichts gezeichnet werden.</translation>
        </message>
    </context>
    <context>
        <name>ToolsSection</name>
        <message>
            <source>Area size</source>
            <translation>Flächengröße</translation>
        </message>
        <message>
            <source>Brush size in pixels</source>
            <translation>Pinselgröße in Pixeln</translation>
        </message>
        <message>
            <source>Do not overwrite other classes</source>
            <translation>Andere Klassen nicht überschreiben</translation>
        </message>
        <message>
            <source>Grow and shrink by so many pixels</source>
            <translation>Um so viele Pixel vergrößern und verkleinern</translation>
        </message>
        <message>
            <source>How different a pixel may be</source>
            <translation>Wie sehr ein Pixel abweichen darf</translation>
        </message>
        <message>
            <source>One connected area</source>
            <translation>Eine zusammenhängende Fläche</translation>
        </message>
        <message>
            <source>Side of an area in pixels</source>
            <translation>Seitenlänge einer Fläche in Pixeln</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Step</source>
            <translation>Schrittweite</translation>
        </message>
        <message>
            <source>Tolerance</source>
            <translation>Toleranz</translation>
        </message>
        <message>
            <source>Tools</source>
            <translation>Werkzeuge</translation>
        </message>
    </context>
    <context>
        <name>TrainDesk</name>
        <message numerus="yes">
            <source>%Ln training(s) still wait in the queue of this project.</source>
            <translation>
                <numerusform>%Ln Training wartet noch in der Warteschlange dieses Projekts.</numerusform>
                <numerusform>%Ln Trainings warten noch in der Warteschlange dieses Projekts.</numerusform>
            </translation>
        </message>
        <message>
            <source>A round of refinement is being trained.</source>
            <translation>Eine Runde des Verfeinerns wird gerade trainiert.</translation>
        </message>
        <message>
            <source>It goes on when the training at hand has ended.</source>
            <translation>Es geht weiter, sobald das laufende Training zu Ende ist.</translation>
        </message>
        <message>
            <source>Start them</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>Wait for its end, or stop it in the Refine panel.</source>
            <translation>Warten Sie ihr Ende ab, oder halten Sie sie im Bereich Verfeinern an.</translation>
        </message>
    </context>
    <context>
        <name>TrainPanel</name>
        <message>
            <source> of {0}</source>
            <translation> von {0}</translation>
        </message>
        <message>
            <source>&amp;Epochs</source>
            <translation>&amp;Epochen</translation>
        </message>
        <message>
            <source>&amp;Masks to use</source>
            <translation>&amp;Masken</translation>
        </message>
        <message>
            <source>&amp;Network</source>
            <translation>&amp;Netz</translation>
        </message>
        <message>
            <source>&amp;Settings of</source>
            <translation>&amp;Vorgaben</translation>
        </message>
        <message>
            <source>Add to queue</source>
            <translation>Einreihen</translation>
        </message>
        <message>
            <source>All images</source>
            <translation>Alle Bilder</translation>
        </message>
        <message>
            <source>All masks</source>
            <translation>Alle Masken</translation>
        </message>
        <message>
            <source>Also a detector of boxes</source>
            <translation>Auch einen Boxen-Detektor</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <source>Fast (pretrained encoder)</source>
            <translation>Schnell (vortrainiert)</translation>
        </message>
        <message>
            <source>How many masks training may use</source>
            <translation>Wie viele Masken das Training nutzen darf</translation>
        </message>
        <message>
            <source>It learns boxes from drawn defects; Mentor can look and learn with it.</source>
            <translation>Er lernt Boxen aus gezeichneten Fehlern; Mentor kann mit ihm suchen und lernen.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>No defective image has a mask: training will use the tags alone.</source>
            <translation>Kein defektes Bild hat eine Maske: Das Training nutzt nur die Bewertungen.</translation>
        </message>
        <message>
            <source>No image here is tagged defective. Tag at least one with X.</source>
            <translation>Hier ist kein Bild als defekt bewertet. Bewerten Sie mindestens eines mit X.</translation>
        </message>
        <message>
            <source>No image here is tagged good. Tag some with G.</source>
            <translation>Hier ist kein Bild als gut bewertet. Bewerten Sie einige mit G.</translation>
        </message>
        <message>
            <source>Open or make a project and import images first.</source>
            <translation>Öffnen oder erstellen Sie zuerst ein Projekt und importieren Sie Bilder.</translation>
        </message>
        <message>
            <source>See&amp;d</source>
            <translation>Sta&amp;rtwert</translation>
        </message>
        <message>
            <source>Seed of the random numbers</source>
            <translation>Startwert der Zufallszahlen</translation>
        </message>
        <message>
            <source>SegDecNet (from scratch)</source>
            <translation>SegDecNet (von Grund auf)</translation>
        </message>
        <message>
            <source>Settings to start from, by the data they were chosen for</source>
            <translation>Einstellungen als Ausgang, nach den Daten, für die sie gewählt wurden</translation>
        </message>
        <message>
            <source>Split to train on</source>
            <translation>Teil, mit dem trainiert wird</translation>
        </message>
        <message>
            <source>Start training</source>
            <translation>Training starten</translation>
        </message>
        <message>
            <source>This project is open for reading only, so nothing can be trained here.</source>
            <translation>Dieses Projekt ist nur lesend geöffnet, daher kann hier nicht trainiert werden.</translation>
        </message>
        <message>
            <source>Train &amp;on</source>
            <translation>&amp;Daten</translation>
        </message>
        <message>
            <source>Train this after what runs now and what waits already</source>
            <translation>Dies nach dem trainieren, was läuft und was schon wartet</translation>
        </message>
        <message>
            <source>Usual</source>
            <translation>Übliche</translation>
        </message>
        <message>
            <source>{0} ({1} good, {2} defective)</source>
            <translation>{0} ({1} gut, {2} defekt)</translation>
        </message>
    </context>
    <context>
        <name>TrainProgress</name>
        <message>
            <source>Curves</source>
            <translation>Kurven</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Unterbrechen</translation>
        </message>
        <message>
            <source>Paused. {0}</source>
            <translation>Unterbrochen. {0}</translation>
        </message>
        <message>
            <source>Preparing…</source>
            <translation>Vorbereiten…</translation>
        </message>
        <message>
            <source>Progress of the training</source>
            <translation>Fortschritt des Trainings</translation>
        </message>
        <message>
            <source>Save as a picture (PNG)…</source>
            <translation>Als Bild sichern (PNG)…</translation>
        </message>
        <message>
            <source>Save as a table (CSV)…</source>
            <translation>Als Tabelle sichern (CSV)…</translation>
        </message>
        <message>
            <source>Save the curves</source>
            <translation>Kurven sichern</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Stop within two seconds. What was learnt is kept, and the training can go on later.</source>
            <translation>Binnen zwei Sekunden anhalten. Was gelernt wurde, bleibt erhalten, und das Training lässt sich später fortsetzen.</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>Wird angehalten…</translation>
        </message>
        <message>
            <source>about {0} left in this step</source>
            <translation>noch etwa {0} in diesem Schritt</translation>
        </message>
    </context>
    <context>
        <name>TrainSettings</name>
        <message>
            <source>1 for grey, 3 for colour. Automatic: as the training images are.</source>
            <translation>1 für Grau, 3 für Farbe. Automatisch: wie die Trainingsbilder.</translation>
        </message>
        <message>
            <source>Always</source>
            <translation>Immer</translation>
        </message>
        <message>
            <source>As in the paper</source>
            <translation>Wie im Artikel</translation>
        </message>
        <message>
            <source>As released</source>
            <translation>Wie veröffentlicht</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>Automatic takes bf16 only where this machine computes it in hardware.</source>
            <translation>Automatisch nimmt bf16 nur, wo dieser Rechner es in Hardware rechnet.</translation>
        </message>
        <message>
            <source>Average flips</source>
            <translation>Spiegelmittel</translation>
        </message>
        <message>
            <source>Average predictions over flipped images: a little better, four times the work.</source>
            <translation>Vorhersagen über gespiegelte Bilder mitteln: etwas besser, vierfacher Aufwand.</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <source>Channels</source>
            <translation>Kanäle</translation>
        </message>
        <message>
            <source>Classes apart</source>
            <translation>Klassen trennen</translation>
        </message>
        <message>
            <source>Computing</source>
            <translation>Rechnen</translation>
        </message>
        <message>
            <source>Decay of a running mean of the weights, 0.99 for instance, which is kept in their place. 0: none.</source>
            <translation>Abklingen eines laufenden Mittels der Gewichte, etwa 0.99, das an ihrer Stelle behalten wird. 0: keines.</translation>
        </message>
        <message>
            <source>Defect weight</source>
            <translation>Fehlergewicht</translation>
        </message>
        <message>
            <source>Depth exponent</source>
            <translation>Tiefenexponent</translation>
        </message>
        <message>
            <source>Depth weights</source>
            <translation>Tiefengewichte</translation>
        </message>
        <message>
            <source>Encoder maps</source>
            <translation>Encoderkarten</translation>
        </message>
        <message>
            <source>Epochs in which the encoder learns too, after the heads alone. 0 leaves it alone, the quickest.</source>
            <translation>Epochen, in denen auch der Encoder lernt, nach den Köpfen allein. 0 lässt ihn, wie er ist, am schnellsten.</translation>
        </message>
        <message>
            <source>Fine-tuning</source>
            <translation>Feinabstimmung</translation>
        </message>
        <message>
            <source>Flip training images at random. Turn it off where left and right, or up and down, matter.</source>
            <translation>Trainingsbilder zufällig spiegeln. Ausschalten, wo es auf links und rechts oder oben und unten ankommt.</translation>
        </message>
        <message>
            <source>Further</source>
            <translation>Sonstiges</translation>
        </message>
        <message>
            <source>Grow masks by</source>
            <translation>Masken größer</translation>
        </message>
        <message>
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <source>Height of the network's input in pixels. Automatic: from the training images.</source>
            <translation>Höhe der Netzeingabe in Pixeln. Automatisch: nach den Trainingsbildern.</translation>
        </message>
        <message>
            <source>How fast the weight grows with depth. Counts only with depth weights.</source>
            <translation>Wie schnell das Gewicht mit der Tiefe wächst. Zählt nur mit Tiefengewichten.</translation>
        </message>
        <message>
            <source>How much a pixel of a defect counts against a healthy one.</source>
            <translation>Wie viel ein Pixel eines Fehlers gegen ein fehlerfreies zählt.</translation>
        </message>
        <message>
            <source>How much the verdict on the whole image counts beside its pixels.</source>
            <translation>Wie viel das Urteil über das ganze Bild neben seinen Pixeln zählt.</translation>
        </message>
        <message>
            <source>Images in one step. Fewer need less memory; more are steadier and often faster.</source>
            <translation>Bilder in einem Schritt. Weniger brauchen weniger Speicher; mehr sind ruhiger und oft schneller.</translation>
        </message>
        <message>
            <source>Input</source>
            <translation>Eingabe</translation>
        </message>
        <message>
            <source>Keep the verdict on the image from changing what the network learns of pixels.</source>
            <translation>Verhindern, dass das Urteil über das Bild ändert, was das Netz von Pixeln lernt.</translation>
        </message>
        <message>
            <source>Learn the place of defects first, the verdict later. Without effect where there is no mask.</source>
            <translation>Zuerst den Ort der Fehler lernen, das Urteil später. Ohne Wirkung, wo es keine Maske gibt.</translation>
        </message>
        <message>
            <source>Learning</source>
            <translation>Lernen</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>Lernrate</translation>
        </message>
        <message>
            <source>Learning rate while the encoder learns too.</source>
            <translation>Lernrate, während auch der Encoder lernt.</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <source>Maps of the encoder that the heads see, by stride; small ones for small defects. None: automatic.</source>
            <translation>Karten des Encoders, die die Köpfe sehen, nach Schrittweite; kleine für kleine Fehler. Keine: automatisch.</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Nie</translation>
        </message>
        <message>
            <source>Noise defects</source>
            <translation>Rauschfehler</translation>
        </message>
        <message>
            <source>Numbers of the classes that the heat map tells apart, such as 1, 3. Automatic: those with masks.</source>
            <translation>Nummern der Klassen, die die Wärmekarte unterscheidet, etwa 1, 3. Automatisch: die mit Masken.</translation>
        </message>
        <message>
            <source>Output stride</source>
            <translation>Ausgabeschritt</translation>
        </message>
        <message>
            <source>Paste defects</source>
            <translation>Fehler einsetzen</translation>
        </message>
        <message>
            <source>Pixels deep inside a defect count more: edges are drawn less surely.</source>
            <translation>Pixel tief in einem Fehler zählen mehr: Ränder sind weniger sicher gezeichnet.</translation>
        </message>
        <message>
            <source>Pixels first</source>
            <translation>Zuerst die Pixel</translation>
        </message>
        <message>
            <source>Pixels from one cell of the heat map to the next. 4 is finer, and slower to train.</source>
            <translation>Pixel von einer Zelle der Wärmekarte zur nächsten. 4 ist feiner und langsamer im Training.</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>Genauigkeit</translation>
        </message>
        <message>
            <source>Processor threads. Automatic leaves a core to the window.</source>
            <translation>Prozessor-Threads. Automatisch lässt dem Fenster einen Kern.</translation>
        </message>
        <message>
            <source>Protect pixels</source>
            <translation>Pixel schützen</translation>
        </message>
        <message>
            <source>Random flips</source>
            <translation>Spiegeln</translation>
        </message>
        <message>
            <source>Share of good images that are spoilt by a patch of noise while the encoder is left alone.</source>
            <translation>Anteil guter Bilder, die durch einen Fleck aus Rauschen verdorben werden, während der Encoder bleibt, wie er ist.</translation>
        </message>
        <message>
            <source>Share of good images that get a drawn defect of another image while the encoder learns too.</source>
            <translation>Anteil guter Bilder, die einen gezeichneten Fehler eines anderen Bildes erhalten, während auch der Encoder lernt.</translation>
        </message>
        <message>
            <source>Side of the square, in pixels, by which drawn defects grow before training. 1: not at all.</source>
            <translation>Seite des Quadrats in Pixeln, um das gezeichnete Fehler vor dem Training wachsen. 1: gar nicht.</translation>
        </message>
        <message>
            <source>Size of a step. Take a tenth of it when the loss jumps or breaks off.</source>
            <translation>Größe eines Schritts. Ein Zehntel nehmen, wenn der Verlust springt oder das Training abbricht.</translation>
        </message>
        <message>
            <source>The network as the paper prints it, or as its authors' own program, and so their results, have it.</source>
            <translation>Das Netz, wie der Artikel es abdruckt, oder wie das Programm der Autoren, und damit ihre Ergebnisse, es haben.</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>Threads</translation>
        </message>
        <message>
            <source>Threshold folds</source>
            <translation>Schwellenteile</translation>
        </message>
        <message>
            <source>Tuning rate</source>
            <translation>Feinrate</translation>
        </message>
        <message>
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <source>Verdict weight</source>
            <translation>Urteilsgewicht</translation>
        </message>
        <message>
            <source>Weight mean</source>
            <translation>Gewichtsmittel</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <source>Width of the network's input in pixels. Automatic: from the training images.</source>
            <translation>Breite der Netzeingabe in Pixeln. Automatisch: nach den Trainingsbildern.</translation>
        </message>
        <message>
            <source>With masks</source>
            <translation>Mit Masken</translation>
        </message>
        <message>
            <source>Without validation images, so many further models find the threshold on images new to them. 0: none.</source>
            <translation>Ohne Validierungsbilder finden so viele weitere Modelle die Schwelle an Bildern, die ihnen neu sind. 0: keine.</translation>
        </message>
    </context>
    <context>
        <name>TrainingCurves</name>
        <message>
            <source>AP, held out</source>
            <translation>AP, zurückgehalten</translation>
        </message>
        <message>
            <source>Loss, AP and learning rate over epochs</source>
            <translation>Verlust, AP und Lernrate über die Epochen</translation>
        </message>
        <message>
            <source>Point at an epoch to read its figures, or use Left and Right.</source>
            <translation>Auf eine Epoche zeigen, um ihre Werte zu lesen, oder die Tasten Links und Rechts benutzen.</translation>
        </message>
        <message>
            <source>classification</source>
            <translation>Klassifikation</translation>
        </message>
        <message>
            <source>epoch</source>
            <translation>Epoche</translation>
        </message>
        <message>
            <source>learning rate</source>
            <translation>Lernrate</translation>
        </message>
        <message>
            <source>loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <source>pixel AP</source>
            <translation>Pixel-AP</translation>
        </message>
        <message>
            <source>segmentation</source>
            <translation>Segmentierung</translation>
        </message>
    </context>
    <context>
        <name>UnfinishedRuns</name>
        <message>
            <source>A training broke off: {0}.</source>
            <translation>Ein Training ist abgebrochen: {0}.</translation>
        </message>
        <message>
            <source>A training was interrupted: {0}.</source>
            <translation>Ein Training wurde unterbrochen: {0}.</translation>
        </message>
        <message>
            <source>A training was stopped before its end: {0}.</source>
            <translation>Ein Training wurde vor seinem Ende angehalten: {0}.</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Discard this training?</source>
            <translation>Dieses Training verwerfen?</translation>
        </message>
        <message>
            <source>Discard…</source>
            <translation>Verwerfen…</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Go on with batch {0}</source>
            <translation>Mit Stapel {0} fortsetzen</translation>
        </message>
        <message>
            <source>It can go on after its last whole epoch, on the labels as they were.</source>
            <translation>Es kann nach seiner letzten ganzen Epoche weitergehen, mit den Markierungen von damals.</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>The training was stopped. What it had learnt is kept as run {0}, without predictions.</source>
            <translation>Das Training wurde angehalten. Was es gelernt hatte, bleibt als Lauf {0} erhalten, ohne Vorhersagen.</translation>
        </message>
        <message>
            <source>What it has learnt is removed from the disk. This cannot be undone.</source>
            <translation>Was es gelernt hat, wird von der Platte gelöscht. Das lässt sich nicht rückgängig machen.</translation>
        </message>
        <message>
            <source>What was learnt so far is kept.</source>
            <translation>Was bisher gelernt wurde, bleibt erhalten.</translation>
        </message>
    </context>
    <context>
        <name>ViewerBar</name>
        <message>
            <source>As stored</source>
            <translation>Wie gespeichert</translation>
        </message>
        <message>
            <source>Levels and gamma of the display</source>
            <translation>Tonwerte und Gamma der Anzeige</translation>
        </message>
        <message>
            <source>Opacity of the heat map</source>
            <translation>Deckkraft der Heatmap</translation>
        </message>
        <message>
            <source>Opacity of the labels</source>
            <translation>Deckkraft der Markierungen</translation>
        </message>
    </context>
    <context>
        <name>Wand</name>
        <message>
            <source>Press on the defect; drag right to take more, left to take less; let go to paint.</source>
            <translation>Drücken Sie auf den Defekt; nach rechts ziehen nimmt mehr, nach links weniger; Loslassen malt.</translation>
        </message>
    </context>
    <context>
        <name>Words</name>
        <message>
            <source>Defective</source>
            <translation>Defekt</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Erledigt</translation>
        </message>
        <message>
            <source>Flagged</source>
            <translation>Rückfrage</translation>
        </message>
        <message>
            <source>Good</source>
            <translation>Gut</translation>
        </message>
        <message>
            <source>In work</source>
            <translation>In Arbeit</translation>
        </message>
        <message>
            <source>No split</source>
            <translation>Ohne Teil</translation>
        </message>
        <message>
            <source>To do</source>
            <translation>Offen</translation>
        </message>
        <message>
            <source>Unlabelled</source>
            <translation>Unbewertet</translation>
        </message>
    </context>
    <context>
        <name>_NameEditor</name>
        <message>
            <source>Name of the run</source>
            <translation>Name des Laufs</translation>
        </message>
    </context>
    <context>
        <name>describe</name>
        <message>
            <source>class {0}</source>
            <translation>Klasse {0}</translation>
        </message>
        <message>
            <source>colour</source>
            <translation>Farbe</translation>
        </message>
        <message>
            <source>grey</source>
            <translation>Grau</translation>
        </message>
        <message>
            <source>healthy</source>
            <translation>fehlerfrei</translation>
        </message>
        <message>
            <source>heat {0}</source>
            <translation>Heat {0}</translation>
        </message>
        <message>
            <source>score {0}</source>
            <translation>Score {0}</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>value {0}</source>
            <translation>Wert {0}</translation>
        </message>
        <message>
            <source>{0}-bit {1}</source>
            <translation>{0} Bit {1}</translation>
        </message>
    </context>
</TS>
